"""Trains models with XGBoost and LightGBM and writes what they say of rows they have not seen.

origins.py FOLDER writes, all numbers as little-endian 64-bit reals:
  rows.f64           ROWS x FEATURES, NaN where nothing is known
  NAME.model         a model as its program saves it
  NAME.scores.f64    a probability for each row
  NAME.reasons.f64   EXPLAINED x (FEATURES + 1) contributions to the log-odds, the last one the bias
"""

import sys
from pathlib import Path

import lightgbm
import numpy
import xgboost

ROWS, TRAINED, EXPLAINED, FEATURES = 100_000, 10_000, 2_000, 12
NAMES = [f"feature_{place}" for place in range(FEATURES)]


def rows_and_labels(count, seed):
    """Amounts, counts, shares, zeros, unknown values and two columns of categories."""
    chance = numpy.random.default_rng(seed)
    rows = numpy.empty((count, FEATURES))
    rows[:, 0] = numpy.round(chance.lognormal(8, 1.2, count))
    rows[:, 1] = chance.integers(0, 2, count)
    rows[:, 2] = chance.poisson(3, count)
    rows[:, 3] = rows[:, 0] / (1 + chance.poisson(5, count))
    rows[:, 4] = chance.normal(0, 1, count)
    rows[:, 5] = chance.choice([0.0, 0.25, 1 / 3, 0.5, 1.0], count)
    rows[:, 6] = chance.normal(0, 1e-3, count)
    rows[:, 7] = chance.uniform(-1, 1, count) * (chance.uniform(size=count) < 0.3)
    rows[:, 8] = chance.exponential(1e6, count)
    rows[:, 9] = chance.normal(5, 2, count)
    rows[:, 10] = chance.integers(0, 3, count)
    rows[:, 11] = chance.integers(0, 40, count)
    odds = -4.5 + 0.6 * rows[:, 4] + 2.0 * (rows[:, 0] > 9_000) * (rows[:, 2] > 3) + rows[:, 7]
    odds += 1.5 * numpy.isin(rows[:, 11], [3, 7, 20, 39]) + 0.7 * (rows[:, 10] == 2)
    odds += 1.2 * (rows[:, 5] > 0.3) * (rows[:, 9] > 6)
    for column, share in ((3, 0.05), (4, 0.1), (5, 0.3), (8, 0.02), (11, 0.03)):
        unknown = chance.uniform(size=count) < share
        rows[unknown, column] = numpy.nan
        odds[unknown] += 0.4
    labels = chance.uniform(size=count) < 1 / (1 + numpy.exp(-odds))
    return rows, labels.astype(float)


def save(folder, name, numbers):
    numpy.asarray(numbers, dtype="<f8").tofile(folder / f"{name}.f64")


def by_xgboost(folder, name, train, rows, kinds=None, rounds=100, **settings):
    def matrix(data, label=None):
        return xgboost.DMatrix(
            data, label, feature_names=NAMES, feature_types=kinds, enable_categorical=bool(kinds)
        )

    settings = {"objective": "binary:logistic", "seed": 7, "nthread": 1, **settings}
    booster = xgboost.train(settings, matrix(*train), rounds)
    booster.save_model(folder / f"{name}.json")
    (folder / f"{name}.json").rename(folder / f"{name}.model")
    save(folder, f"{name}.scores", booster.predict(matrix(rows)))
    some = matrix(rows[:EXPLAINED])
    save(folder, f"{name}.reasons", booster.predict(some, pred_contribs=True))


def by_lightgbm(folder, name, train, rows, categories=(), rounds=100, **settings):
    settings = {"objective": "binary", "seed": 7, "num_threads": 1, "verbosity": -1, **settings}
    data = lightgbm.Dataset(
        train[0], train[1], feature_name=NAMES, categorical_feature=list(categories)
    )
    booster = lightgbm.train(settings, data, rounds)
    booster.save_model(folder / f"{name}.model")
    save(folder, f"{name}.scores", booster.predict(rows))
    save(folder, f"{name}.reasons", booster.predict(rows[:EXPLAINED], pred_contrib=True))


def main():
    folder = Path(sys.argv[1])
    rows, _ = rows_and_labels(ROWS, 2)
    train = rows_and_labels(TRAINED, 1)
    save(folder, "rows", rows)
    kinds = ["q"] * 10 + ["c"] * 2
    by_xgboost(folder, "xgboost_plain", train, rows)
    by_xgboost(folder, "xgboost_categories", train, rows, kinds, max_cat_to_onehot=4, max_depth=5, rounds=40)
    by_xgboost(
        folder, "xgboost_forest", train, rows, objective="reg:logistic", base_score=0.02,
        num_parallel_tree=3, subsample=0.5, rounds=10, max_depth=8, tree_method="exact",
    )
    by_xgboost(folder, "xgboost_leaves", train, rows, grow_policy="lossguide", max_leaves=24,
               max_depth=0, rounds=30)
    by_lightgbm(folder, "lightgbm_plain", train, rows)
    by_lightgbm(folder, "lightgbm_categories", train, rows, [10, 11], max_depth=6, rounds=40)
    by_lightgbm(folder, "lightgbm_zero_is_missing", train, rows, zero_as_missing=True, rounds=40)
    by_lightgbm(folder, "lightgbm_nothing_missing", train, rows, use_missing=False, sigmoid=0.7,
                rounds=40)
    by_lightgbm(folder, "lightgbm_stump", train, rows, rounds=3, min_data_in_leaf=TRAINED)


main()

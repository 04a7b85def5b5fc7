//! Our scores and reasons beside those of XGBoost and LightGBM, on rows that neither has seen.
//!
//! Both are installed by name into a virtual environment under the build folder and train with
//! unknown values and categories (`tests/origin/origins.py`). Where they cannot be installed this
//! test fails: an import that was not compared is no import.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use doldam_fraud::model::{BoundModel, Model};

const PACKAGES: [&str; 3] = ["lightgbm==4.7.0", "numpy==2.4.6", "xgboost-cpu==3.2.0"];
const ROWS: usize = 100_000;
const FEATURES: usize = 12;
const EXPLAINED: usize = 2_000;

/// The Python of the virtual environment, made when it is missing.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("origins");
    let python = folder.join("bin/python");
    let works = |python: &Path| {
        let import = Command::new(python)
            .args(["-c", "import lightgbm, numpy, xgboost"])
            .stderr(Stdio::null())
            .status();
        import.is_ok_and(|status| status.success())
    };
    if !works(&python) {
        let venv = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
        assert!(
            venv.is_ok_and(|status| status.success()),
            "python3 -m venv does not work: install python3-venv"
        );
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        let install = Command::new(&python).args(quiet).args(PACKAGES).status();
        assert!(
            install.is_ok_and(|status| status.success()) && works(&python),
            "{PACKAGES:?} cannot be installed with pip"
        );
    }
    python
}

fn numbers(path: &Path) -> Vec<f64> {
    let bytes = fs::read(path).expect("the script wrote it");
    let (numbers, rest) = bytes.as_chunks::<8>();
    assert!(rest.is_empty());
    numbers.iter().map(|number| f64::from_le_bytes(*number)).collect()
}

/// The largest difference of a score.
fn scores_apart(model: &BoundModel, rows: &[f64], scores: &[f64]) -> f64 {
    assert_eq!((rows.len(), scores.len()), (ROWS * FEATURES, ROWS));
    let apart = rows
        .chunks_exact(FEATURES)
        .zip(scores)
        .map(|(row, score)| (model.score_numbers(row) - score).abs());
    apart.fold(0.0, f64::max)
}

/// The largest difference of a contribution, as a share of what all contributions of its row
/// amount to, one at least: XGBoost adds them up in 32 bits.
fn reasons_apart(model: &BoundModel, rows: &[f64], reasons: &[f64]) -> f64 {
    assert_eq!(reasons.len(), EXPLAINED * (FEATURES + 1));
    let mut worst: f64 = 0.0;
    for (row, wanted) in rows.chunks_exact(FEATURES).zip(reasons.chunks_exact(FEATURES + 1)) {
        let amount = wanted.iter().map(|part| part.abs()).sum::<f64>().max(1.0);
        worst = worst.max((model.expected() - wanted[FEATURES]).abs() / amount);
        for reason in model.reasons_of_numbers(row) {
            let apart = (reason.contribution - wanted[reason.feature]).abs();
            worst = worst.max(apart / amount);
        }
    }
    worst
}

#[test]
fn scores_and_reasons_are_those_of_the_origins() {
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/origin/origins.py");
    let status = Command::new(python()).arg(script).arg(folder.path()).status();
    assert!(status.is_ok_and(|status| status.success()), "the origins cannot be trained");
    let rows = numbers(&folder.path().join("rows.f64"));
    let names: Vec<String> = (0..FEATURES).map(|place| format!("feature_{place}")).collect();
    let mut compared = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "model") {
            continue;
        }
        compared += 1;
        let model = Model::parse(&fs::read(&path).unwrap()).unwrap().bind_columns(&names).unwrap();
        let scores = numbers(&path.with_extension("scores.f64"));
        let spread = scores.iter().fold(0.0_f64, |most, score| most.max(*score));
        assert!(spread > 0.01, "{path:?} says nothing");
        let exact = model.model().origin().starts_with("lightgbm");
        let apart = scores_apart(&model, &rows, &scores);
        assert!(apart <= if exact { 1e-14 } else { 1e-6 }, "{path:?}: scores {apart:e} apart");
        let reasons = numbers(&path.with_extension("reasons.f64"));
        let apart = reasons_apart(&model, &rows, &reasons);
        assert!(apart <= if exact { 1e-12 } else { 1e-6 }, "{path:?}: reasons {apart:e} apart");
    }
    assert_eq!(compared, 9, "not every model was compared");
}

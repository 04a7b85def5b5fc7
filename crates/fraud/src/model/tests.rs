//! Models that their programs saved, scored as their programs did; and all that is refused.

use proptest::prelude::*;

use super::grown::{Grown, Test};
use super::*;

const XGBOOST: &str = include_str!("../../tests/models/xgboost.json");
const LIGHTGBM: &str = include_str!("../../tests/models/lightgbm.txt");

/// Rows of amount, deviation, channel. XGBoost refuses the last two itself.
const ROWS: [[f64; 3]; 8] = [
    [0.0, 0.0, 0.0],
    [2600.0, 0.5, 0.0],
    [2500.0, 0.5, 4.0],
    [2600.0, f64::NAN, 2.0],
    [4900.0, -3.0, 1.0],
    [f64::NAN, f64::NAN, f64::NAN],
    [100.0, 0.0, -1.0],
    [100.0, 0.0, 99.0],
];

fn names() -> Vec<String> {
    ["amount", "deviation", "channel"].map(str::to_owned).to_vec()
}

fn bound(text: &str) -> BoundModel {
    Model::parse(text.as_bytes()).unwrap().bind_columns(&names()).unwrap()
}

fn refusal(text: &str) -> ModelFault {
    Model::parse(text.as_bytes()).err().expect("it is refused")
}

/// The text with one part changed; the part must be there.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in the model");
    text.replacen(from, to, 1)
}

fn is_near(model: &BoundModel, wanted: &[f64], tolerance: f64) {
    for (row, wanted) in ROWS.iter().zip(wanted) {
        let score = model.score_numbers(row);
        assert!((score - wanted).abs() <= tolerance, "{row:?}: {score} instead of {wanted}");
    }
}

const BY_XGBOOST: [f64; 6] = [
    0.189_408_883_452_415_47,
    0.773_207_724_094_390_9,
    0.802_426_338_195_800_8,
    0.400_309_622_287_750_24,
    0.802_426_338_195_800_8,
    0.802_426_338_195_800_8,
];

#[test]
fn scores_are_those_of_xgboost() {
    is_near(&bound(XGBOOST), &BY_XGBOOST, 1e-7);
    // As versions before 3 and before 2 wrote them.
    let start = XGBOOST.find("\"base_score\":\"[").expect("it is a list since version 3");
    let end = start + XGBOOST[start..].find("]\"").expect("the list ends");
    let older = [&XGBOOST[..end], &XGBOOST[end + 1..]].concat();
    let older = changed(&older, "\"base_score\":\"[", "\"base_score\":\"");
    let older = changed(
        &older,
        "\"default_left\":[1,0,0,0,1,0,0]",
        "\"default_left\":[true,false,false,false,true,false,false]",
    );
    is_near(&bound(&older), &BY_XGBOOST, 1e-7);
    // A categorical split has no threshold there; one by comparison must have it.
    let older = changed(&older, "\"split_conditions\":[1E-45,", "\"split_conditions\":[NaN,");
    is_near(&bound(&older), &BY_XGBOOST, 1e-7);
    let broken = changed(&older, "[NaN,5.977915E-1,2.6E3,", "[NaN,5.977915E-1,NaN,");
    assert_eq!(refusal(&broken).code(), "model-tree");
    let named = changed(&older, "\"amount\"", "\"NaN \\\"NaN\"");
    let model = Model::parse(named.as_bytes()).unwrap();
    assert_eq!(model.features()[0], "NaN \"NaN");
}

#[test]
fn scores_are_those_of_lightgbm() {
    let wanted = [
        0.356_893_107_745_603_1,
        0.625_245_431_612_312_9,
        0.596_673_931_258_208_6,
        0.401_019_395_035_164_2,
        0.596_673_931_258_208_6,
        0.356_893_107_745_603_1,
        0.356_893_107_745_603_1,
        0.356_893_107_745_603_1,
    ];
    is_near(&bound(LIGHTGBM), &wanted, 1e-15);
    is_near(&bound(&LIGHTGBM.replace('\n', "\r\n")), &wanted, 1e-15);
    // What parts known values from unknown ones: all that is known is below.
    let parting = LIGHTGBM.replace(" 2550.0000000000005 ", " inf ");
    let (amount, unknown) = (bound(&parting).score_numbers(&ROWS[1]), ROWS[0]);
    assert_eq!(amount.to_bits(), bound(LIGHTGBM).score_numbers(&unknown).to_bits());
}

#[test]
fn reasons_are_those_of_the_origins() {
    let by_xgboost = [0.848_538_2, 0.871_533_1, -0.439_791_08, -0.053_767_1];
    let by_lightgbm = [0.326_775_66, 0.403_067_19, -0.124_965_21, -0.093_004_7];
    for (text, wanted) in [(XGBOOST, by_xgboost), (LIGHTGBM, by_lightgbm)] {
        let model = bound(text);
        let reasons = model.reasons_of_numbers(&ROWS[1]);
        for reason in &reasons {
            assert!((reason.contribution - wanted[reason.feature]).abs() < 1e-6, "{reason:?}");
        }
        assert!((model.expected() - wanted[3]).abs() < 1e-6);
        let places: Vec<usize> = reasons.iter().map(|reason| reason.feature).collect();
        assert_eq!(places, [1, 0, 2], "what speaks most for fraud comes first");
    }
}

#[test]
fn a_model_is_kept_to_the_last_bit() {
    for text in [XGBOOST, LIGHTGBM] {
        let model = Model::parse(text.as_bytes()).unwrap();
        let card = Card { title: "Card payments".into(), seed: Some(7), ..Card::default() };
        let model = model.with_card(card.clone()).unwrap();
        let kept = Model::parse(&model.to_bytes()).unwrap();
        assert_eq!(kept.version(), model.version());
        assert_eq!(kept.card(), &card);
        assert_eq!(kept.ensemble, model.ensemble);
        let (one, two) =
            (model.bind_columns(&names()).unwrap(), kept.bind_columns(&names()).unwrap());
        for row in &ROWS {
            assert_eq!(one.score_numbers(row).to_bits(), two.score_numbers(row).to_bits());
        }
    }
}

#[test]
fn what_would_score_otherwise_is_refused_by_name() {
    let xgboost = [
        ("\"name\":\"gbtree\"", "\"name\":\"dart\"", "dart"),
        ("\"name\":\"gbtree\"", "\"name\":\"gblinear\"", "gblinear"),
        ("binary:logistic", "binary:logitraw", "binary:logistic"),
        ("binary:logistic", "multi:softprob", "objective"),
        ("\"num_class\":\"0\"", "\"num_class\":\"3\"", "classes"),
        ("\"num_target\":\"1\"", "\"num_target\":\"2\"", "targets"),
        ("\"tree_info\":[0,0,0]", "\"tree_info\":[0,1,0]", "outputs"),
        ("\"enc\":[]", "\"enc\":[{\"type\":1}]", "categories"),
        ("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"2\"", "several values"),
    ];
    let lightgbm = [
        ("num_class=1", "num_class=3", "classes"),
        ("num_class=1\n", "num_class=1\naverage_output\n", "random forest"),
        ("is_linear=0", "is_linear=1", "linear"),
        ("objective=binary", "objective=regression", "objective"),
        ("pandas_categorical:null", "pandas_categorical:[[\"web\"]]", "categories"),
    ];
    let cases = xgboost.map(|case| (XGBOOST, case)).into_iter();
    for (text, (from, to, word)) in cases.chain(lightgbm.map(|case| (LIGHTGBM, case))) {
        let fault = refusal(&changed(text, from, to));
        assert_eq!(fault.code(), "model-unsupported", "{to}: {fault}");
        assert!(fault.to_string().contains(word), "{to}: {fault}");
    }
}

#[test]
fn what_is_broken_is_refused_with_its_place() {
    let cases = [
        (XGBOOST, "\"left_children\":[1,", "\"left_children\":[0,", "model-tree"),
        (XGBOOST, "\"left_children\":[1,", "\"left_children\":[99,", "model-tree"),
        (XGBOOST, "\"split_indices\":[2,", "\"split_indices\":[3,", "model-tree"),
        (XGBOOST, "\"categories_sizes\":[4]", "\"categories_sizes\":[9]", "model-tree"),
        (XGBOOST, "\"default_left\":[1,", "\"default_left\":[", "model-tree"),
        (
            XGBOOST,
            "\"num_class\":\"0\",\"num_feature\":\"3\"",
            "\"num_class\":\"0\",\"num_feature\":\"x\"",
            "model-syntax",
        ),
        (
            XGBOOST,
            "\"num_class\":\"0\",\"num_feature\":\"3\"",
            "\"num_class\":\"0\",\"num_feature\":\"300\"",
            "model-too-many",
        ),
        (XGBOOST, "{\"learner\"", "{\"teacher\"", "model-syntax"),
        (LIGHTGBM, "threshold=0 2550.0000000000005", "threshold=0 nan", "model-tree"),
        (LIGHTGBM, "decision_type=1 2", "decision_type=1 14", "model-tree"),
        (LIGHTGBM, "right_child=1 2", "right_child=1 7", "model-tree"),
        (LIGHTGBM, "right_child=1 2 -4", "right_child=1 2 -9", "model-tree"),
        (LIGHTGBM, "leaf_count=136 ", "leaf_count=", "model-syntax"),
        (LIGHTGBM, "num_leaves=6", "num_leaves=6000000000", "model-tree"),
        (LIGHTGBM, "num_cat=1", "num_cat=99999999999", "model-syntax"),
        (LIGHTGBM, "cat_boundaries=0 1", "cat_boundaries=0 99999999999", "model-syntax"),
        (LIGHTGBM, "end of trees", "end of", "model-syntax"),
        (
            LIGHTGBM,
            "feature_names=amount deviation",
            "feature_names=amount amount",
            "model-unsupported",
        ),
    ];
    for (text, from, to, code) in cases {
        let fault = Model::parse(changed(text, from, to).as_bytes()).err();
        assert_eq!(fault.as_ref().map(ModelFault::code), Some(code), "{to}: {fault:?}");
    }
    assert_eq!(refusal("").code(), "model-syntax");
    assert_eq!(
        refusal("{\"doldam_model\":2}").to_string(),
        "the model is not a Doldam model: a part is missing or has another type (line 1)",
    );
}

#[test]
fn a_path_may_not_be_endless() {
    let chain = |splits: usize| {
        let mut nodes = Vec::new();
        for depth in 0..splits {
            let test = Test::Below { threshold: 0.0, zero_is_missing: false };
            let (left, right) = (2 * depth + 1, 2 * depth + 2);
            nodes.push(Grown::Split {
                feature: 0,
                test,
                missing_left: true,
                left,
                right,
                cover: 2.0,
            });
            nodes.push(Grown::Leaf { value: 1.0, cover: 1.0 });
        }
        nodes.push(Grown::Leaf { value: 2.0, cover: 1.0 });
        let forest = Forest::new(&[nodes], 1, forest::Arithmetic::Double);
        forest.map(|forest| forest.margin(0.0, &[1.0; FEATURES_MAX]))
    };
    assert_eq!(chain(DEPTH_MAX), Ok(2.0));
    assert_eq!(chain(DEPTH_MAX + 1).unwrap_err().code(), "model-too-many");
}

struct Declared;

impl Scope for Declared {
    fn look_up(&self, name: &str) -> Option<(Slot, Type)> {
        match name {
            "amount" => Some((Slot::Feature(4), Type::Int)),
            "deviation" => Some((Slot::Feature(1), Type::Real)),
            "channel" => Some((Slot::Feature(0), Type::Int)),
            "city" => Some((Slot::Feature(2), Type::Text)),
            "limit" => Some((Slot::Field(2), Type::Int)),
            _ => None,
        }
    }

    fn list(&self, _: &str) -> Option<usize> {
        None
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

#[test]
fn features_are_found_by_name_and_a_missing_one_is_named() {
    let model = Model::parse(LIGHTGBM.as_bytes()).unwrap();
    let bound = model.bind(&Declared).unwrap();
    let features = [
        Value::Int(4),
        Value::Real(0.5),
        Value::Text("x".into()),
        Value::Missing,
        Value::Int(2500),
    ];
    let score = bound.score(&features);
    assert!((score - 0.596_673_931_258_208_6).abs() < 1e-15);
    let mut places: Vec<usize> =
        bound.reasons(&features).iter().map(|reason| reason.feature).collect();
    places.sort_unstable();
    assert_eq!(places, [0, 1, 4]);
    // Unknown values, however they are unknown.
    let unknown = bound.score_numbers(&[f64::NAN; 5]);
    assert_eq!(bound.score(&[const { Value::Missing }; 5]).to_bits(), unknown.to_bits());
    assert_eq!(bound.score(&[]).to_bits(), unknown.to_bits());
    let asked = |name: &str| {
        let names = ["amount", name, "channel"].map(str::to_owned);
        let model = model.clone().with_features(&names).unwrap();
        model.bind(&Declared).err().expect("it is refused").to_string()
    };
    assert!(asked("speed").contains("needs the feature speed, which is not declared"));
    assert!(asked("city").contains("city as a number: it is text"));
    assert!(asked("limit").contains("it is a field of the event"));
    assert_eq!(
        model.bind_columns(&["amount".to_owned()]).err(),
        Some(ModelFault::FeatureAbsent { name: "deviation".into() }),
    );
}

/// Does everything that can be done with a model; it must not panic.
fn use_fully(bytes: &[u8]) {
    let Ok(model) = Model::parse(bytes) else { return };
    let columns = model.features().to_vec();
    let Ok(bound) = model.bind_columns(&columns) else { return };
    for fill in [f64::NAN, 0.0, -1.0, 1e300, 3.0] {
        let row = vec![fill; columns.len()];
        let score = bound.score_numbers(&row);
        assert!((0.0..=1.0).contains(&score) || score.is_nan());
        assert_eq!(bound.reasons_of_numbers(&row).len(), columns.len());
    }
    assert_eq!(Model::parse(&model.to_bytes()).unwrap().version(), model.version());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_damaged_model_never_panics(
        which in 0..3_usize,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6),
    ) {
        let own = Model::parse(LIGHTGBM.as_bytes()).unwrap().to_bytes();
        let mut bytes = [XGBOOST.as_bytes().to_vec(), LIGHTGBM.as_bytes().to_vec(), own][which].clone();
        for (place, byte, kind) in damage {
            if bytes.is_empty() { break }
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = byte,
                1 => bytes[place] = b"0123456789-.,[]e"[usize::from(byte) % 16],
                2 => drop(bytes.remove(place)),
                _ => bytes.truncate(place),
            }
        }
        use_fully(&bytes);
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_fully(&bytes);
        use_fully(&[b"tree\n", bytes.as_slice()].concat());
        use_fully(&[b"{\"doldam_model\":1,", bytes.as_slice()].concat());
    }
}

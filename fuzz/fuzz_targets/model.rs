//! Models as XGBoost, LightGBM and we ourselves save them: what is taken scores and explains
//! whatever comes, and is kept to the last bit.

#![no_main]

use doldam_fraud::model::{DEPTH_MAX, FEATURES_MAX, Model, NODES_MAX, TREES_MAX};
use libfuzzer_sys::fuzz_target;

const FILLS: [f64; 7] = [f64::NAN, 0.0, -0.5, 1.0, 65_536.0, -1e300, f64::INFINITY];

fuzz_target!(|bytes: &[u8]| {
    let Ok(model) = Model::parse(bytes) else { return };
    let features = model.features().len();
    assert!((1..=FEATURES_MAX).contains(&features));
    assert!(model.trees() <= TREES_MAX && model.nodes() <= NODES_MAX && DEPTH_MAX < 256);
    let kept = Model::parse(&model.to_bytes()).expect("what is written can be read");
    assert!(kept.version() == model.version());
    let (Ok(one), Ok(two)) =
        (model.bind_columns(model.features()), kept.bind_columns(model.features()))
    else {
        panic!("a model has its own features");
    };
    for fill in FILLS {
        let row = vec![fill; features];
        let score = one.score_numbers(&row);
        assert!((0.0..=1.0).contains(&score) || score.is_nan());
        assert!(score.to_bits() == two.score_numbers(&row).to_bits());
        assert!(one.reasons_of_numbers(&row).len() == features);
    }
});

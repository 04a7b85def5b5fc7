//! Reads models that XGBoost saved as JSON (`save_model("model.json")`, versions 1.7 to 3).
//!
//! The document is the one of XGBoost's own schema (`doc/model.schema`): a learner with a booster
//! `gbtree`, trees as parallel arrays. Whatever would make XGBoost score otherwise than we do is
//! refused by name. All trees are used, as `Booster.predict` does; whoever stopped early slices the
//! booster before saving it.

use std::borrow::Cow;

use serde::Deserialize;

use super::Link;
use super::document::Ensemble;
use super::fault::ModelFault;
use super::forest::{Arithmetic, narrow};
use super::grown::{CATEGORY_MAX, FEATURES_MAX, Grown, TREES_MAX, Test};

const FORMAT: &str = "JSON of XGBoost";

#[derive(Deserialize)]
struct Document {
    learner: Learner,
    version: Vec<u32>,
}

#[derive(Deserialize)]
struct Learner {
    #[serde(default)]
    feature_names: Vec<String>,
    gradient_booster: Booster,
    #[serde(rename = "learner_model_param")]
    parameters: LearnerParameters,
    objective: Objective,
}

#[derive(Deserialize)]
struct Booster {
    name: String,
    model: Option<Trees>,
}

#[derive(Deserialize)]
struct Trees {
    #[serde(rename = "trees")]
    all: Vec<Tree>,
    tree_info: Vec<i64>,
    cats: Option<Categories>,
}

/// The names of a data frame's categories; numbers as categories leave it empty.
#[derive(Deserialize)]
struct Categories {
    #[serde(default)]
    enc: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct LearnerParameters {
    base_score: String,
    #[serde(default = "zero")]
    num_class: String,
    num_feature: String,
    #[serde(default = "one")]
    num_target: String,
}

fn zero() -> String {
    "0".into()
}

fn one() -> String {
    "1".into()
}

#[derive(Deserialize)]
struct Objective {
    name: String,
}

/// Early versions write 0 and 1 as false and true.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Number(u8),
}

impl Flag {
    const fn is_set(self) -> bool {
        matches!(self, Self::Bool(true) | Self::Number(1..))
    }
}

#[derive(Deserialize)]
struct Tree {
    left_children: Vec<i64>,
    right_children: Vec<i64>,
    split_indices: Vec<usize>,
    split_conditions: Vec<Option<f64>>,
    default_left: Vec<Flag>,
    sum_hessian: Vec<f64>,
    #[serde(default)]
    split_type: Vec<u8>,
    #[serde(default)]
    categories: Vec<i64>,
    #[serde(default)]
    categories_nodes: Vec<usize>,
    #[serde(default)]
    categories_segments: Vec<usize>,
    #[serde(default)]
    categories_sizes: Vec<usize>,
    #[serde(rename = "tree_param")]
    parameters: TreeParameters,
}

#[derive(Deserialize)]
struct TreeParameters {
    #[serde(default = "one")]
    size_leaf_vector: String,
}

/// Reads the bytes of a saved model.
pub(crate) fn read(bytes: &[u8]) -> Result<Ensemble, ModelFault> {
    let document: Document = serde_json::from_slice(&standard(bytes))
        .map_err(|error| ModelFault::json(FORMAT, &error))?;
    let learner = document.learner;
    check_kind(&learner)?;
    let features: usize = number(&learner.parameters.num_feature, "num_feature")?;
    if features == 0 || features > FEATURES_MAX {
        return Err(ModelFault::TooMany { what: "features", max: FEATURES_MAX });
    }
    let names = match learner.feature_names.len() {
        0 => (0..features).map(|place| format!("f{place}")).collect(),
        length if length == features => learner.feature_names,
        _ => return Err(syntax("it names more or fewer features than it has")),
    };
    let base = base_margin(&learner.parameters.base_score)?;
    let booster = learner.gradient_booster.model.ok_or_else(|| syntax("it has no trees"))?;
    if booster.all.len() > TREES_MAX {
        return Err(ModelFault::TooMany { what: "trees", max: TREES_MAX });
    }
    let trees = booster.all.iter().enumerate().map(|(place, tree)| grown(place, tree));
    let version: Vec<String> = document.version.iter().map(u32::to_string).collect();
    Ok(Ensemble {
        origin: format!("xgboost {}", version.join(".")),
        arithmetic: Arithmetic::Single,
        link: Link::Logistic { slope: 1.0 },
        base,
        features: names,
        trees: trees.collect::<Result<_, _>>()?,
    })
}

/// JSON has no NaN, but XGBoost 1.7 writes it where a categorical split has no threshold:
/// outside of text it becomes `null`.
fn standard(bytes: &[u8]) -> Cow<'_, [u8]> {
    const NAN: &[u8] = b"NaN";
    if !bytes.windows(NAN.len()).any(|window| window == NAN) {
        return Cow::Borrowed(bytes);
    }
    let mut standard = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    let (mut is_text, mut at) = (false, 0);
    while let Some(byte) = bytes.get(at) {
        if !is_text && bytes[at..].starts_with(NAN) {
            standard.extend_from_slice(b"null");
            at += NAN.len();
            continue;
        }
        let step = if is_text && *byte == b'\\' { 2 } else { 1 };
        is_text ^= *byte == b'"';
        let end = bytes.len().min(at + step);
        standard.extend_from_slice(&bytes[at..end]);
        at = end;
    }
    Cow::Owned(standard)
}

fn syntax(why: &str) -> ModelFault {
    ModelFault::Syntax { format: FORMAT, line: 1, why: why.to_owned() }
}

fn number<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, ModelFault> {
    text.parse().map_err(|_| syntax(&format!("{what} is not a number")))
}

/// Refuses whatever is not one number from a sum of trees through the logistic function.
fn check_kind(learner: &Learner) -> Result<(), ModelFault> {
    let refuse = |what: &str| Err(ModelFault::unsupported(what));
    match learner.gradient_booster.name.as_str() {
        "gbtree" => {}
        "dart" => return refuse("its booster is dart, which drops trees: train a gbtree"),
        "gblinear" => return refuse("its booster is gblinear, which has no trees: train a gbtree"),
        _ => return refuse("its booster is not gbtree"),
    }
    match learner.objective.name.as_str() {
        "binary:logistic" | "reg:logistic" => {}
        "binary:logitraw" | "binary:hinge" => {
            return refuse("its objective gives no probability: train with binary:logistic");
        }
        _ => return refuse("its objective is not binary:logistic or reg:logistic"),
    }
    let parameters = &learner.parameters;
    if number::<u32>(&parameters.num_class, "num_class")? > 1 {
        return refuse("it tells several classes apart: train with binary:logistic");
    }
    if number::<u32>(&parameters.num_target, "num_target")? > 1 {
        return refuse("it has several targets: train with one");
    }
    let Some(model) = &learner.gradient_booster.model else { return Ok(()) };
    if model.tree_info.iter().any(|group| *group != 0) {
        return refuse("its trees belong to several outputs");
    }
    if model.cats.as_ref().is_some_and(|categories| !categories.enc.is_empty()) {
        return refuse("it was trained on named categories: train on whole numbers instead");
    }
    Ok(())
}

/// The margin to begin with: `5E-1`, or `[5E-1]` since version 3, both as a probability.
fn base_margin(text: &str) -> Result<f64, ModelFault> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let probability = f64::from(number::<f32>(inner.trim(), "base_score")?);
    if probability <= 0.0 || probability >= 1.0 || probability.is_nan() {
        return Err(ModelFault::unsupported("its base_score is not a probability"));
    }
    Ok(f64::from(narrow(-libm::log(1.0 / probability - 1.0))))
}

fn grown(place: usize, tree: &Tree) -> Result<Vec<Grown>, ModelFault> {
    let wrong = |why| ModelFault::Tree { tree: place, why };
    if number::<u32>(&tree.parameters.size_leaf_vector, "size_leaf_vector")? > 1 {
        return Err(ModelFault::unsupported("its leaves hold several values"));
    }
    let length = tree.left_children.len();
    let same = [
        tree.right_children.len(),
        tree.split_indices.len(),
        tree.split_conditions.len(),
        tree.default_left.len(),
        tree.sum_hessian.len(),
    ];
    let types = tree.split_type.len();
    if same.iter().any(|other| *other != length) || (types != 0 && types != length) {
        return Err(wrong("its arrays differ in length"));
    }
    let sets = category_sets(tree).ok_or_else(|| wrong("its categories do not fit together"))?;
    let mut nodes = Vec::with_capacity(length);
    for at in 0..length {
        let cover = tree.sum_hessian[at];
        let condition = tree.split_conditions[at].unwrap_or(f64::NAN);
        if tree.left_children[at] < 0 {
            nodes.push(Grown::Leaf { value: condition, cover });
            continue;
        }
        let child = |side: &[i64]| {
            usize::try_from(side[at]).map_err(|_| wrong("a split has only one child"))
        };
        let test = match tree.split_type.get(at) {
            None | Some(0) => Test::Below { threshold: condition, zero_is_missing: false },
            Some(1) => Test::Among {
                categories: sets[at].clone().ok_or_else(|| wrong("a split has no categories"))?,
                members_left: false,
            },
            Some(_) => return Err(wrong("a split is of an unknown type")),
        };
        nodes.push(Grown::Split {
            feature: tree.split_indices[at],
            test,
            missing_left: tree.default_left[at].is_set(),
            left: child(&tree.left_children)?,
            right: child(&tree.right_children)?,
            cover,
        });
    }
    Ok(nodes)
}

/// The categories of each categorical node: those that go right.
fn category_sets(tree: &Tree) -> Option<Vec<Option<Vec<u32>>>> {
    let count = tree.categories_nodes.len();
    if tree.categories_segments.len() != count || tree.categories_sizes.len() != count {
        return None;
    }
    let mut sets = vec![None; tree.left_children.len()];
    for at in 0..count {
        let start = tree.categories_segments[at];
        let end = start.checked_add(tree.categories_sizes[at])?;
        let categories = tree.categories.get(start..end)?;
        let categories: Option<Vec<u32>> =
            categories.iter().map(|category| u32::try_from(*category).ok()).collect();
        let mut categories = categories?;
        if categories.iter().any(|category| *category > CATEGORY_MAX) {
            return None;
        }
        categories.sort_unstable();
        *sets.get_mut(tree.categories_nodes[at])? = Some(categories);
    }
    Some(sets)
}

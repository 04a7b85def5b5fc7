//! Reads models that LightGBM saved as text (`save_model("model.txt")`, `version=v3` and `v4`).
//!
//! The format has no other document than LightGBM's source (`src/io/tree.cpp`,
//! `src/boosting/gbdt_model_text.cpp`): a head of `key=value` lines, then a block for each tree.
//! Whatever would make LightGBM score otherwise than we do is refused by name.

use std::collections::HashMap;
use std::str::FromStr;

use super::Link;
use super::document::Ensemble;
use super::fault::ModelFault;
use super::forest::Arithmetic;
use super::grown::{CATEGORY_MAX, FEATURES_MAX, Grown, TREES_MAX, Test};

const FORMAT: &str = "text of LightGBM";

/// A run of `key=value` lines, with the number of its first line.
struct Block<'a> {
    line: usize,
    values: HashMap<&'a str, &'a str>,
    /// Keys without a value, such as `average_output`.
    words: Vec<&'a str>,
}

impl<'a> Block<'a> {
    fn fault(&self, why: impl Into<String>) -> ModelFault {
        ModelFault::Syntax { format: FORMAT, line: self.line, why: why.into() }
    }

    fn text(&self, key: &str) -> Result<&'a str, ModelFault> {
        self.values.get(key).copied().ok_or_else(|| self.fault(format!("{key} is missing")))
    }

    fn number<T: FromStr>(&self, key: &str) -> Result<T, ModelFault> {
        self.text(key)?.parse().map_err(|_| self.fault(format!("{key} is not a number")))
    }

    /// Numbers with spaces between; none when the key is missing.
    fn numbers<T: FromStr>(&self, key: &str, length: usize) -> Result<Vec<T>, ModelFault> {
        let text = self.values.get(key).copied().unwrap_or("");
        let numbers: Result<Vec<T>, _> = text.split_ascii_whitespace().map(str::parse).collect();
        let numbers = numbers.map_err(|_| self.fault(format!("{key} holds no numbers")))?;
        if numbers.len() != length {
            return Err(self.fault(format!("{key} should hold {length} numbers")));
        }
        Ok(numbers)
    }
}

/// Reads the bytes of a saved model.
pub(crate) fn read(bytes: &[u8]) -> Result<Ensemble, ModelFault> {
    let fault = |line, why: &str| ModelFault::Syntax { format: FORMAT, line, why: why.to_owned() };
    let text = std::str::from_utf8(bytes).map_err(|_| fault(1, "it is not UTF-8"))?;
    let mut lines = (1..).zip(text.lines());
    if lines.next().map(|(_, line)| line) != Some("tree") {
        return Err(fault(1, "it does not begin with the word tree"));
    }
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut open = Block { line: 2, values: HashMap::new(), words: Vec::new() };
    let mut ended = false;
    for (number, line) in lines.by_ref() {
        if line == "end of trees" || line.starts_with("Tree=") {
            blocks.push(open);
            open = Block { line: number, values: HashMap::new(), words: Vec::new() };
            ended = line == "end of trees";
            if ended {
                break;
            }
            if blocks.len() > TREES_MAX {
                return Err(ModelFault::TooMany { what: "trees", max: TREES_MAX });
            }
        }
        match line.split_once('=') {
            Some((key, value)) => drop(open.values.insert(key, value)),
            None if line.is_empty() => {}
            None => open.words.push(line),
        }
    }
    if !ended {
        return Err(fault(text.lines().count(), "it does not say end of trees: it was cut off"));
    }
    for (_, line) in lines {
        let named = line.strip_prefix("pandas_categorical:").unwrap_or("null").trim();
        if named != "null" && named != "[]" {
            return Err(ModelFault::unsupported(
                "it was trained on a data frame's categories: train on whole numbers instead",
            ));
        }
    }
    let (head, trees) = blocks.split_first().ok_or_else(|| fault(1, "it has no head"))?;
    ensemble(head, trees)
}

fn ensemble(head: &Block<'_>, trees: &[Block<'_>]) -> Result<Ensemble, ModelFault> {
    if head.number::<u32>("num_class")? != 1 || head.number::<u32>("num_tree_per_iteration")? != 1 {
        return Err(ModelFault::unsupported("it tells several classes apart: train for two"));
    }
    if head.words.contains(&"average_output") {
        return Err(ModelFault::unsupported("it is a random forest (rf): train a gbdt"));
    }
    let features: Vec<String> = head.text("feature_names")?.split(' ').map(str::to_owned).collect();
    if features.len() > FEATURES_MAX {
        return Err(ModelFault::TooMany { what: "features", max: FEATURES_MAX });
    }
    if head.number::<usize>("max_feature_idx")?.checked_add(1) != Some(features.len()) {
        return Err(head.fault("it names more or fewer features than it has"));
    }
    let grown = trees.iter().enumerate().map(|(place, block)| tree(place, block));
    Ok(Ensemble {
        origin: format!("lightgbm {}", head.text("version").unwrap_or("")),
        arithmetic: Arithmetic::Double,
        link: link(head)?,
        base: 0.0,
        features,
        trees: grown.collect::<Result<_, _>>()?,
    })
}

fn link(head: &Block<'_>) -> Result<Link, ModelFault> {
    let objective = head.values.get("objective").copied().unwrap_or("");
    let mut words = objective.split_ascii_whitespace();
    let slope = match words.next() {
        Some("binary") => {
            let slope = words.find_map(|word| word.strip_prefix("sigmoid:")).unwrap_or("1");
            slope.parse().map_err(|_| head.fault("sigmoid is not a number"))?
        }
        Some("cross_entropy" | "xentropy") => 1.0,
        _ => {
            return Err(ModelFault::unsupported(
                "its objective is not binary or cross_entropy, so it gives no probability",
            ));
        }
    };
    Ok(Link::Logistic { slope })
}

fn tree(place: usize, block: &Block<'_>) -> Result<Vec<Grown>, ModelFault> {
    let wrong = |why| ModelFault::Tree { tree: place, why };
    if block.values.get("is_linear").is_some_and(|linear| *linear != "0") {
        return Err(ModelFault::unsupported("its leaves are linear: train with linear_tree=false"));
    }
    let leaves: usize = block.number("num_leaves")?;
    // Every leaf takes a number, so a count beyond the text is a lie.
    if leaves == 0 || leaves > block.text("leaf_value")?.len() {
        return Err(wrong("it has no leaves"));
    }
    let values: Vec<f64> = block.numbers("leaf_value", leaves)?;
    if leaves == 1 {
        return Ok(vec![Grown::Leaf { value: values[0], cover: 1.0 }]);
    }
    let splits = leaves - 1;
    let leaf_counts: Vec<f64> = block.numbers("leaf_count", leaves)?;
    let counts: Vec<f64> = block.numbers("internal_count", splits)?;
    let features: Vec<usize> = block.numbers("split_feature", splits)?;
    let thresholds: Vec<f64> = block.numbers("threshold", splits)?;
    let decisions: Vec<u8> = block.numbers("decision_type", splits)?;
    let lefts: Vec<i64> = block.numbers("left_child", splits)?;
    let rights: Vec<i64> = block.numbers("right_child", splits)?;
    let sets = category_sets(block)?;
    // A child below zero is a leaf; leaves stand behind the splits here.
    let child = |child: i64| {
        let leaf = || usize::try_from(!child).ok().and_then(|leaf| leaf.checked_add(splits));
        let place = usize::try_from(child).ok().filter(|split| *split < splits).or_else(leaf);
        place.ok_or(wrong("a child does not exist"))
    };
    let mut nodes = Vec::with_capacity(splits + leaves);
    for at in 0..splits {
        let (test, missing_left) = decision(decisions[at], thresholds[at], &sets).map_err(wrong)?;
        nodes.push(Grown::Split {
            feature: features[at],
            test,
            missing_left,
            left: child(lefts[at])?,
            right: child(rights[at])?,
            cover: counts[at],
        });
    }
    let leaves = values.into_iter().zip(leaf_counts);
    nodes.extend(leaves.map(|(value, cover)| Grown::Leaf { value, cover }));
    Ok(nodes)
}

/// What a split asks and where a row without a value goes. Of `decision_type`, bit 0 is
/// "categorical", bit 1 "missing goes left", bits 2 and 3 what counts as missing.
fn decision(kind: u8, threshold: f64, sets: &[Vec<u32>]) -> Result<(Test, bool), &'static str> {
    if kind & 1 == 1 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast from a real saturates, and a place beyond the sets is refused"
        )]
        let categories = sets.get(threshold as usize).ok_or("a split has no categories")?.clone();
        return Ok((Test::Among { categories, members_left: true }, false));
    }
    let default_left = kind & 2 == 2;
    if threshold.is_nan() {
        return Err("a threshold is no number");
    }
    // LightGBM sends what is at most the threshold to the left. Its infinite threshold, which parts
    // known values from unknown ones, has no number above it.
    let threshold = threshold.next_up().min(f64::MAX);
    let below = |zero_is_missing| Test::Below { threshold, zero_is_missing };
    match kind >> 2 {
        // Nothing counts as missing: NaN is taken for zero.
        0 => Ok((below(false), 0.0 < threshold)),
        1 => Ok((below(true), default_left)),
        2 => Ok((below(false), default_left)),
        _ => Err("a split is of an unknown type"),
    }
}

/// The sets of categories that go left: words of 32 bits, cut at `cat_boundaries`.
fn category_sets(block: &Block<'_>) -> Result<Vec<Vec<u32>>, ModelFault> {
    let count: usize = block
        .values
        .get("num_cat")
        .map_or(Ok(0), |text| text.parse().map_err(|_| block.fault("num_cat is not a number")))?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let too_long = || block.fault("num_cat is larger than the tree");
    let boundaries: Vec<usize> =
        block.numbers("cat_boundaries", count.checked_add(1).ok_or_else(too_long)?)?;
    let words: Vec<u32> =
        block.numbers("cat_threshold", boundaries.last().copied().unwrap_or(0))?;
    let set = |pair: &[usize]| {
        let words =
            words.get(pair[0]..pair[1]).ok_or_else(|| block.fault("cat_boundaries fall"))?;
        let members = (0_u32..).zip(words).flat_map(|(word, bits)| {
            (0..32).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| (word, bit))
        });
        members
            .map(|(word, bit)| word.checked_mul(32).and_then(|base| base.checked_add(bit)))
            .map(|category| category.filter(|category| *category <= CATEGORY_MAX))
            .collect::<Option<Vec<u32>>>()
            .ok_or_else(|| block.fault("a category is above 65535"))
    };
    boundaries.windows(2).map(set).collect()
}

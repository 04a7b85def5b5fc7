//! A Merkle tree as certificate logs use it: RFC 9162, section 2.1 (the hashing of RFC 6962).
//!
//! Leaves and inner nodes are hashed with different first bytes, so that no inner node can be
//! passed off as a person; a tree of n leaves splits at the largest power of two below n.

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a leaf: SHA-256(0x00 ‖ data).
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The hash of the tree over these leaf hashes, in memory that grows with the tree's height only.
/// Of no leaves: SHA-256 of nothing.
pub fn root(leaves: impl Iterator<Item = Hash>) -> Hash {
    // Each entry is a full subtree: its height and hash; heights fall towards the end.
    let mut subtrees: Vec<(u32, Hash)> = Vec::new();
    for leaf in leaves {
        let mut subtree = (0, leaf);
        while let Some((_, left)) = subtrees.pop_if(|left| left.0 == subtree.0) {
            subtree = (subtree.0 + 1, node_hash(&left, &subtree.1));
        }
        subtrees.push(subtree);
    }
    let mut hashes = subtrees.into_iter().rev().map(|(_, hash)| hash);
    match hashes.next() {
        None => Sha256::digest([]).into(),
        Some(last) => hashes.fold(last, |right, left| node_hash(&left, &right)),
    }
}

/// A whole tree in memory, for handing out proofs: 64 bytes a leaf.
pub struct Tree {
    /// The leaves, then each level above; a level's odd last node rises unchanged.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Builds the tree over these leaf hashes.
    pub fn new(leaves: Vec<Hash>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let above = below
                .chunks(2)
                .map(|pair| match pair {
                    [left, right] => node_hash(left, right),
                    odd => odd[0],
                })
                .collect();
            levels.push(above);
        }
        Self { levels }
    }

    /// The siblings of the leaf at `index` on its way to the root, lowest first; `None` when there
    /// is no such leaf.
    pub fn path(&self, index: usize) -> Option<Vec<Hash>> {
        self.levels.first()?.get(index)?;
        let mut index = index;
        let mut path = Vec::new();
        for level in &self.levels {
            path.extend(level.get(index ^ 1));
            index /= 2;
        }
        Some(path)
    }
}

/// Whether `path` leads from the leaf at `index` of a tree of `size` leaves to `root` (RFC 9162,
/// section 2.1.3.2).
pub fn path_holds(root: &Hash, size: u64, index: u64, leaf: &Hash, path: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node.is_multiple_of(2) && node != 0 {
                node /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node /= 2;
        last /= 2;
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of RFC 9162, section 2.1.1, word for word.
    fn defined(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            _ => {
                let mut split = 1;
                while split * 2 < leaves.len() {
                    split *= 2;
                }
                node_hash(&defined(&leaves[..split]), &defined(&leaves[split..]))
            }
        }
    }

    fn leaves(count: u8) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&[n])).collect()
    }

    #[test]
    fn the_empty_tree_and_the_empty_leaf_are_those_of_the_standard() {
        let hex = |hash: Hash| data_encoding::HEXLOWER.encode(&hash);
        assert_eq!(
            hex(root(std::iter::empty())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            hex(leaf_hash(&[])),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
    }

    #[test]
    fn trees_of_every_small_size_follow_the_definition_and_prove_every_leaf() {
        for count in 0..=40 {
            let leaves = leaves(count);
            let top = root(leaves.iter().copied());
            assert_eq!(top, defined(&leaves), "{count} leaves");
            let tree = Tree::new(leaves.clone());
            for (index, leaf) in leaves.iter().enumerate() {
                let path = tree.path(index).unwrap();
                let holds = |index: usize, leaf: &Hash, path: &[Hash]| {
                    path_holds(&top, u64::from(count), index as u64, leaf, path)
                };
                assert!(holds(index, leaf, &path), "leaf {index} of {count}");
                assert!(!holds(index, &leaf_hash(b"other"), &path));
                for wrong in (0..usize::from(count) + 2).filter(|wrong| *wrong != index) {
                    assert!(!holds(wrong, leaf, &path), "leaf {index} at {wrong} of {count}");
                }
                if let Some(shorter) = path.len().checked_sub(1) {
                    assert!(!holds(index, leaf, &path[..shorter]));
                }
                let mut longer = path.clone();
                longer.push(top);
                assert!(!holds(index, leaf, &longer));
            }
            assert!(tree.path(usize::from(count)).is_none());
        }
    }
}

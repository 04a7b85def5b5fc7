//! The list of affected people: frozen, versioned, signed, provable one by one.
//!
//! Everything after a leak hangs on this list: who is notified, who is watched, whose claim is
//! paid. So it is a Merkle tree whose root is signed. Anyone can be shown to be on it, with a proof
//! that tells nothing of the others: each leaf opens with a nonce of its own, which only the
//! holder of the list's key can make. (A proof does show how many people are on the list and where
//! among them the leaf stands.) A later sighting makes a new version; nothing is changed.

pub mod merkle;

use doldam_ground::Instant;
use doldam_ground::ids::Ordinal;
use roaring::RoaringBitmap;
use sha2::{Digest as _, Sha256};

use crate::TraceError;
use merkle::{Hash, Tree, leaf_hash, path_holds, root};

/// What a leaf's nonce is derived for; part of the format.
const NONCE_LABEL: &[u8; 32] = b"doldam affected list, leaf nonce";

/// The people of one version of a list, under the list's key.
///
/// No `Debug`: it holds the key and says who is affected.
pub struct AffectedList<'list> {
    members: &'list RoaringBitmap,
    key: &'list [u8; 32],
}

/// One person's leaf, opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Whose.
    pub ordinal: Ordinal,
    /// What hides the ordinal in the leaf's hash.
    pub nonce: [u8; 32],
}

/// Evidence that one leaf is in a list.
#[derive(Clone)]
pub struct MembershipProof {
    /// The opened leaf.
    pub leaf: Leaf,
    /// Its place among the leaves, from 0.
    pub index: u64,
    /// The hashes beside its way to the root, lowest first.
    pub path: Vec<Hash>,
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// SHA-256 of the leaked file.
    pub evidence_sha256: Hash,
    /// Counts the lists made of one file, from 1.
    pub version: u32,
    /// When the file was traced.
    pub traced_at: Instant,
    /// How many people are on the list.
    pub people: u64,
    /// The root of the tree.
    pub root: Hash,
}

/// A header with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHeader {
    /// What is signed.
    pub header: Header,
    /// The signature over [`Header::message`].
    pub signature: Vec<u8>,
}

/// Whoever holds the signing key.
pub trait Signer {
    /// A signature over `message`.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TraceError>;
}

impl Leaf {
    /// The leaf's hash in the tree: over the nonce and the ordinal (4 bytes, big-endian).
    pub fn hash(&self) -> Hash {
        let mut data = [0; 36];
        data[..32].copy_from_slice(&self.nonce);
        data[32..].copy_from_slice(&self.ordinal.number().to_be_bytes());
        leaf_hash(&data)
    }
}

impl<'list> AffectedList<'list> {
    /// The list of `members` under `key`, which must be random, kept as long as proofs are needed,
    /// and never used for another list of the same file.
    pub const fn new(members: &'list RoaringBitmap, key: &'list [u8; 32]) -> Self {
        Self { members, key }
    }

    /// The root of the tree, leaves in the order of the ordinals.
    pub fn root(&self) -> Hash {
        root(self.members.iter().map(|ordinal| self.leaf(ordinal).hash()))
    }

    /// What is to be signed for this list.
    pub fn header(&self, evidence_sha256: Hash, version: u32, traced_at: Instant) -> Header {
        Header {
            evidence_sha256,
            version,
            traced_at,
            people: self.members.len(),
            root: self.root(),
        }
    }

    /// Builds the whole tree once, to hand out any number of proofs.
    pub fn prover(&self) -> Prover<'_> {
        let leaves = self.members.iter().map(|ordinal| self.leaf(ordinal).hash()).collect();
        Prover { list: self, tree: Tree::new(leaves) }
    }

    /// The people on this list who were not on an earlier one: they get the first notice.
    pub fn added_since(&self, earlier: &RoaringBitmap) -> RoaringBitmap {
        self.members - earlier
    }

    /// SHA-256 over inputs of one fixed length, so that the key in front is a sound key.
    fn leaf(&self, ordinal: u32) -> Leaf {
        let nonce = Sha256::new()
            .chain_update(NONCE_LABEL)
            .chain_update(self.key)
            .chain_update(ordinal.to_be_bytes())
            .finalize();
        Leaf { ordinal: Ordinal::new(ordinal), nonce: nonce.into() }
    }
}

/// A list's tree in memory.
pub struct Prover<'list> {
    list: &'list AffectedList<'list>,
    tree: Tree,
}

impl Prover<'_> {
    /// The proof that `ordinal` is on the list.
    pub fn proof(&self, ordinal: Ordinal) -> Result<MembershipProof, TraceError> {
        let number = ordinal.number();
        if !self.list.members.contains(number) {
            return Err(TraceError::NotAMember);
        }
        let index = self.list.members.rank(number) - 1;
        let place = usize::try_from(index).map_err(|_| TraceError::NotAMember)?;
        let path = self.tree.path(place).ok_or(TraceError::NotAMember)?;
        Ok(MembershipProof { leaf: self.list.leaf(number), index, path })
    }
}

impl Header {
    /// The bytes that are signed: six lines of text, so that a court can read them.
    pub fn message(&self) -> Vec<u8> {
        let hex = |hash: &Hash| data_encoding::HEXLOWER.encode(hash);
        let text = format!(
            "doldam affected list 1\nevidence sha256 {}\nversion {}\ntraced at {} us\n\
             people {}\nroot sha256 rfc9162 {}\n",
            hex(&self.evidence_sha256),
            self.version,
            self.traced_at.micros(),
            self.people,
            hex(&self.root),
        );
        text.into_bytes()
    }

    /// Signs the header.
    pub fn sign(self, signer: &dyn Signer) -> Result<SignedHeader, TraceError> {
        let signature = signer.sign(&self.message())?;
        Ok(SignedHeader { header: self, signature })
    }

    /// Whether the proof leads to this header's root. The header's signature is checked apart.
    pub fn admits(&self, proof: &MembershipProof) -> bool {
        let leaf = proof.leaf.hash();
        path_holds(&self.root, self.people, proof.index, &leaf, &proof.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn members() -> RoaringBitmap {
        (0..1_000).map(|n| n * 37).collect()
    }

    #[test]
    fn every_member_has_a_proof_and_nobody_else() {
        let members = members();
        let list = AffectedList::new(&members, &KEY);
        let header = list.header([1; 32], 1, Instant::from_micros(5));
        let prover = list.prover();
        for ordinal in &members {
            let proof = prover.proof(Ordinal::new(ordinal)).unwrap();
            assert!(header.admits(&proof));
            let mut other = proof.clone();
            other.leaf.ordinal = Ordinal::new(ordinal + 37);
            assert!(!header.admits(&other));
        }
        assert!(matches!(prover.proof(Ordinal::new(1)), Err(TraceError::NotAMember)));
    }

    #[test]
    fn another_key_or_person_gives_another_root() {
        let mut members = members();
        let root = AffectedList::new(&members, &KEY).root();
        assert_ne!(AffectedList::new(&members, &[8; 32]).root(), root);
        members.insert(1);
        let list = AffectedList::new(&members, &KEY);
        assert_ne!(list.root(), root);
        assert_eq!(list.added_since(&self::members()).iter().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn what_is_signed_names_all_that_matters() {
        struct Echo;
        impl Signer for Echo {
            fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TraceError> {
                Ok(message.to_vec())
            }
        }
        let members = members();
        let header = AffectedList::new(&members, &KEY).header([1; 32], 3, Instant::from_micros(5));
        let signed = header.clone().sign(&Echo).unwrap();
        let text = String::from_utf8(signed.signature).unwrap();
        assert!(text.contains("version 3\n") && text.contains("people 1000\n"), "{text}");
        let changed = Header { version: 4, ..header.clone() };
        assert_ne!(changed.message(), header.message());
    }
}

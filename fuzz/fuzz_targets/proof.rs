//! Proofs of membership: a right one holds, and nothing else does.

#![no_main]

use doldam_ground::Instant;
use doldam_ground::ids::Ordinal;
use doldam_trace::affected::merkle::{node_hash, path_holds};
use doldam_trace::affected::{AffectedList, Header, Leaf, MembershipProof};
use libfuzzer_sys::fuzz_target;
use roaring::RoaringBitmap;

/// Takes numbers off the front of the input; zeros when it is used up.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let length = N.min(self.0.len());
        taken[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        taken
    }

    fn number(&mut self) -> u64 {
        u64::from_le_bytes(self.take())
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let [mode, count] = input.take();
    if mode % 2 == 0 {
        any_proof(&mut input);
    } else {
        changed_proof(&mut input, count);
    }
});

/// A header and a proof that have nothing to do with each other.
fn any_proof(input: &mut Input<'_>) {
    let header = Header {
        evidence_sha256: input.take(),
        version: 1,
        traced_at: Instant::from_micros(0),
        people: input.number(),
        root: input.take(),
    };
    let leaf = Leaf { ordinal: Ordinal::new(7), nonce: input.take() };
    let index = input.number();
    let path = std::iter::from_fn(|| (!input.0.is_empty()).then(|| input.take())).collect();
    let _ = header.message();
    let is_single = header.people == 1 && leaf.hash() == header.root;
    let proof = MembershipProof { leaf, index, path };
    if header.admits(&proof) {
        // Without inverting SHA-256 only a tree of one leaf, or one built from the path, can fit.
        assert!(is_single || folds_to(&proof, &header.root));
    }
}

/// Whether the path folds to the root in some order of left and right.
fn folds_to(proof: &MembershipProof, root: &[u8; 32]) -> bool {
    let mut hashes = vec![proof.leaf.hash()];
    for sibling in proof.path.iter().take(12) {
        let both = |hash: &[u8; 32]| [node_hash(hash, sibling), node_hash(sibling, hash)];
        hashes = hashes.iter().flat_map(both).collect();
    }
    hashes.contains(root)
}

/// A right proof of a real list, with one thing changed.
fn changed_proof(input: &mut Input<'_>, count: u8) {
    let members: RoaringBitmap = (0..=u32::from(count)).map(|place| place * 3).collect();
    let key = [5; 32];
    let list = AffectedList::new(&members, &key);
    let header = list.header([1; 32], 1, Instant::from_micros(0));
    let ordinal = u32::try_from(input.number() % members.len()).expect("a byte") * 3;
    let proof = list.prover().proof(Ordinal::new(ordinal)).expect("a member");
    assert!(header.admits(&proof), "a right proof is refused");
    let mut other = proof.clone();
    let [what, place, bit] = input.take();
    match what % 4 {
        0 => other.index = input.number(),
        1 => other.leaf.nonce[usize::from(place % 32)] ^= 1 << (bit % 8),
        2 if !other.path.is_empty() => {
            let step = usize::from(place) % other.path.len();
            other.path[step][usize::from(bit % 32)] ^= 1;
        }
        _ => other.path.push(input.take()),
    }
    if other.index != proof.index || other.leaf != proof.leaf || other.path != proof.path {
        assert!(!header.admits(&other), "a changed proof holds");
    }
    let size = input.number();
    let _ = path_holds(&header.root, size, other.index, &other.leaf.hash(), &other.path);
}

//! Merkle tree hashes and the two proofs, as in RFC 6962 §2.1.
//!
//! Leaves and inner nodes are hashed with different prefixes. Without them an inner node could be
//! passed off as a leaf and a proof would bind nothing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// No proof in a tree of at most 2^63 leaves has more hashes than this (consistency proofs have one more
/// than inclusion proofs).
pub const PROOF_HASHES_MAX: usize = 64;

/// A SHA-256 hash: of a leaf, of an inner node, or the root of a tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Length in bytes.
    pub const LEN: usize = 32;

    /// Reads 32 bytes; `None` for any other length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        <[u8; 32]>::try_from(bytes).ok().map(Self)
    }

    /// Reads the standard base64 spelling (44 characters); `None` for anything else.
    pub fn from_base64(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok().and_then(|bytes| Self::from_slice(&bytes))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MerkleError {
    /// The index is not below the size of the tree.
    #[error("index {index} is outside a tree of {size} leaves")]
    IndexOutside {
        /// Zero-based index of the leaf.
        index: u64,
        /// Number of leaves.
        size: u64,
    },
    /// The older tree is larger than the newer one.
    #[error("the tree shrank from {old_size} to {new_size} leaves")]
    Shrunk {
        /// Leaves of the tree that came first.
        old_size: u64,
        /// Leaves of the tree that came second.
        new_size: u64,
    },
    /// The proof has too many or too few hashes for these sizes.
    #[error("the proof has {given} hashes, which does not fit the sizes")]
    WrongLength {
        /// Number of hashes in the proof.
        given: usize,
    },
    /// The hashes lead to another root than the one that was promised.
    #[error("the proof leads to root {computed}, not to {expected}")]
    RootDiffers {
        /// Root that the proof leads to.
        computed: Hash,
        /// Root that was promised.
        expected: Hash,
    },
}

impl MerkleError {
    /// Stable identifier of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::IndexOutside { .. } => "tlog.merkle.index_outside",
            Self::Shrunk { .. } => "tlog.merkle.shrunk",
            Self::WrongLength { .. } => "tlog.merkle.wrong_length",
            Self::RootDiffers { .. } => "tlog.merkle.root_differs",
        }
    }
}

/// Root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// Hash of a leaf: `SHA-256(0x00 || entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x00]);
    hasher.update(entry);
    Hash(hasher.finalize().into())
}

/// Hash of an inner node: `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x01]);
    hasher.update(left.0);
    hasher.update(right.0);
    Hash(hasher.finalize().into())
}

/// Largest power of two strictly below `n`: where RFC 6962 splits a tree of `n` leaves.
///
/// `n` is at least 2.
pub(crate) fn split_point(n: u64) -> u64 {
    debug_assert!(2 <= n, "a tree of one leaf is not split");
    1 << (63 - (n - 1).leading_zeros())
}

/// Checks that the leaf with hash `leaf` stands at `index` in the tree of `size` leaves with `root`.
///
/// The algorithm of RFC 9162 §2.1.3.2, which refuses a proof of the wrong length.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), MerkleError> {
    if size <= index {
        return Err(MerkleError::IndexOutside { index, size });
    }
    let wrong_length = || MerkleError::WrongLength { given: proof.len() };
    let (mut node, mut last) = (index, size - 1);
    let mut computed = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(wrong_length());
        }
        if node & 1 == 1 || node == last {
            computed = node_hash(sibling, &computed);
            // Levels at which the right edge has no sibling are skipped, exactly as the tree skips them.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            computed = node_hash(&computed, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length());
    }
    if computed != *root {
        return Err(MerkleError::RootDiffers { computed, expected: *root });
    }
    Ok(())
}

/// Checks that the tree of `new_size` leaves begins with the very leaves of the tree of `old_size`.
///
/// The algorithm of RFC 9162 §2.1.4.2. An empty old tree is consistent with everything, by an empty
/// proof.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), MerkleError> {
    let wrong_length = || MerkleError::WrongLength { given: proof.len() };
    if new_size < old_size {
        return Err(MerkleError::Shrunk { old_size, new_size });
    }
    if old_size == 0 || old_size == new_size {
        if !proof.is_empty() {
            return Err(wrong_length());
        }
        let expected = if old_size == 0 { empty_root() } else { *new_root };
        if *old_root != expected {
            return Err(MerkleError::RootDiffers { computed: *old_root, expected });
        }
        return Ok(());
    }

    let (mut node, mut last) = (old_size - 1, new_size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    // When the old tree is a perfect subtree its root starts the walk; the prover leaves it out.
    let mut hashes = proof.iter();
    let first =
        if old_size.is_power_of_two() { *old_root } else { *hashes.next().ok_or_else(wrong_length)? };
    let (mut old, mut new) = (first, first);
    for sibling in hashes {
        if last == 0 {
            return Err(wrong_length());
        }
        if node & 1 == 1 || node == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length());
    }
    if old != *old_root {
        return Err(MerkleError::RootDiffers { computed: old, expected: *old_root });
    }
    if new != *new_root {
        return Err(MerkleError::RootDiffers { computed: new, expected: *new_root });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The eight leaves and eight roots that Certificate Transparency implementations share
    /// (certificate-transparency-go, `merkletree` tests).
    const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    fn naive_root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(usize::try_from(split_point(many.len() as u64)).unwrap());
                node_hash(&naive_root(left), &naive_root(right))
            }
        }
    }

    #[test]
    fn roots_agree_with_the_published_vectors() {
        let leaves: Vec<Hash> = LEAVES.iter().map(|leaf| leaf_hash(&bytes(leaf))).collect();
        for (at, expected) in ROOTS.iter().enumerate() {
            assert_eq!(
                naive_root(&leaves[..=at]).as_bytes().as_slice(),
                bytes(expected),
                "{} leaves",
                at + 1
            );
        }
        assert_eq!(empty_root().to_string(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn a_published_inclusion_proof_holds_and_a_changed_one_does_not() {
        // Path for index 2 of 3: only the left neighbour pair.
        let leaves: Vec<Hash> = LEAVES.iter().map(|leaf| leaf_hash(&bytes(leaf))).collect();
        let proof = [node_hash(&leaves[0], &leaves[1])];
        let root = Hash::from_slice(&bytes(ROOTS[2])).unwrap();
        assert_eq!(verify_inclusion(&leaves[2], 2, 3, &proof, &root), Ok(()));
        let refusal = verify_inclusion(&leaves[1], 2, 3, &proof, &root).unwrap_err();
        assert_eq!(refusal.code(), "tlog.merkle.root_differs");
        let refusal = verify_inclusion(&leaves[2], 3, 3, &proof, &root).unwrap_err();
        assert_eq!(refusal.code(), "tlog.merkle.index_outside");
        let refusal = verify_inclusion(&leaves[2], 2, 3, &[proof[0], proof[0]], &root).unwrap_err();
        assert_eq!(refusal.code(), "tlog.merkle.wrong_length");
    }

    #[test]
    fn a_tree_never_shrinks_and_equal_trees_need_no_proof() {
        let root = Hash([7; 32]);
        assert_eq!(verify_consistency(5, &root, 4, &root, &[]).unwrap_err().code(), "tlog.merkle.shrunk");
        assert_eq!(verify_consistency(4, &root, 4, &root, &[]), Ok(()));
        assert_eq!(
            verify_consistency(4, &Hash([8; 32]), 4, &root, &[]).unwrap_err().code(),
            "tlog.merkle.root_differs"
        );
        assert_eq!(verify_consistency(0, &empty_root(), 4, &root, &[]), Ok(()));
    }
}

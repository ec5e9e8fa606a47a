//! Growing a tree and making proofs, from tiles alone.
//!
//! Nothing of the tree is kept but its tiles: a log of any length is opened by reading the tiles of its
//! right edge, one per level, and every proof is made by reading a handful more. Tiles come through
//! [`TileReader`], so that a folder, a web server and a test's map are the same to this code.
//!
//! What a reader returns is not trusted: a proof made from changed tiles fails to verify against the
//! signed root, and whoever hands a proof out must have verified it first.

use std::collections::BTreeMap;
use std::error::Error as StdError;

use thiserror::Error;

use crate::merkle::{Hash, empty_root, leaf_hash, node_hash, split_point};
use crate::tile::{
    TILE_HEIGHT, TILE_WIDTH, TileError, TileKind, TilePath, encode_bundle, encode_hashes, parse_bundle,
    parse_hashes,
};

/// Where tiles come from.
pub trait TileReader {
    /// The content of the tile at `path`, as stored.
    ///
    /// # Errors
    /// [`TileReadError::Missing`] when there is no such tile; a partial one is then looked for in its full
    /// tile. [`TileReadError::Failed`] for anything else.
    fn read_tile(&self, path: &TilePath) -> Result<Vec<u8>, TileReadError>;
}

/// Why a tile could not be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TileReadError {
    /// There is no tile at this path.
    #[error("{path} is missing")]
    Missing {
        /// Path below the log's prefix.
        path: TilePath,
    },
    /// The tile may exist but could not be read.
    #[error("{path} could not be read")]
    Failed {
        /// Path below the log's prefix.
        path: TilePath,
        /// What the reader ran into.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
}

/// Why a tree could not be opened or a proof not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TreeError {
    /// A tile could not be had.
    #[error(transparent)]
    Read(#[from] TileReadError),
    /// A tile was read but is not well formed.
    #[error("{path} is not well formed")]
    Tile {
        /// Path below the log's prefix.
        path: TilePath,
        /// What is wrong with it.
        #[source]
        source: TileError,
    },
    /// The wanted leaf or tree lies outside the tree.
    #[error("{wanted} lies outside a tree of {size} leaves")]
    Outside {
        /// Index or size that was asked for.
        wanted: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// An entry cannot be put into a bundle.
    #[error("the entry cannot be logged")]
    Entry(#[source] TileError),
}

impl TreeError {
    /// Stable identifier of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(TileReadError::Missing { .. }) => "tlog.tree.tile_missing",
            Self::Read(TileReadError::Failed { .. }) => "tlog.tree.tile_unreadable",
            Self::Tile { .. } => "tlog.tree.tile_malformed",
            Self::Outside { .. } => "tlog.tree.outside",
            Self::Entry(_) => "tlog.tree.entry_too_long",
        }
    }
}

/// Reads a tile as it stands in the tree, from its full tile when the partial one was tidied away.
fn read_wide_enough(reader: &impl TileReader, path: TilePath) -> Result<(TilePath, Vec<u8>), TreeError> {
    match reader.read_tile(&path) {
        Ok(bytes) => Ok((path, bytes)),
        Err(TileReadError::Missing { .. }) if path.is_partial() => match reader.read_tile(&path.full()) {
            Ok(bytes) => Ok((path.full(), bytes)),
            Err(TileReadError::Missing { .. }) => Err(TileReadError::Missing { path }.into()),
            Err(fault) => Err(fault.into()),
        },
        Err(fault) => Err(fault.into()),
    }
}

/// The hashes of a tile, as many as its path says.
pub fn read_hashes(reader: &impl TileReader, path: TilePath) -> Result<Vec<Hash>, TreeError> {
    let (found, bytes) = read_wide_enough(reader, path)?;
    let mut hashes =
        parse_hashes(found.width(), &bytes).map_err(|source| TreeError::Tile { path: found, source })?;
    hashes.truncate(usize::from(path.width()));
    Ok(hashes)
}

/// The entries of a bundle, as many as its path says.
pub fn read_entries(reader: &impl TileReader, path: TilePath) -> Result<Vec<Vec<u8>>, TreeError> {
    let (found, bytes) = read_wide_enough(reader, path)?;
    let mut entries =
        parse_bundle(found.width(), &bytes).map_err(|source| TreeError::Tile { path: found, source })?;
    entries.truncate(usize::from(path.width()));
    Ok(entries)
}

/// The entry at `index` of a tree of `size` leaves.
pub fn read_entry(reader: &impl TileReader, index: u64, size: u64) -> Result<Vec<u8>, TreeError> {
    let outside = TreeError::Outside { wanted: index, size };
    if size <= index {
        return Err(outside);
    }
    let path = TilePath::in_tree(TileKind::Entries, index / TILE_WIDTH, size).ok_or(outside)?;
    let mut entries = read_entries(reader, path)?;
    let within = usize::try_from(index % TILE_WIDTH).unwrap_or(usize::MAX);
    if entries.len() <= within {
        return Err(TreeError::Tile { path, source: TileError::BadBundle { width: path.width() } });
    }
    Ok(entries.swap_remove(within))
}

/// Root of the tree of `size` leaves.
pub fn root(reader: &impl TileReader, size: u64) -> Result<Hash, TreeError> {
    if size == 0 {
        return Ok(empty_root());
    }
    Walk::new(reader, size).range(0, size)
}

/// Proof that the leaf at `index` is in the tree of `size` leaves: from the leaf's sibling up.
pub fn inclusion_proof(reader: &impl TileReader, index: u64, size: u64) -> Result<Vec<Hash>, TreeError> {
    if size <= index {
        return Err(TreeError::Outside { wanted: index, size });
    }
    let mut walk = Walk::new(reader, size);
    let mut proof = Vec::new();
    let (mut low, mut high) = (0, size);
    // RFC 6962 §2.1.1, from the root down; the proof is written from the leaf up.
    while 1 < high - low {
        let middle = low + split_point(high - low);
        if index < middle {
            proof.push(walk.range(middle, high)?);
            high = middle;
        } else {
            proof.push(walk.range(low, middle)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Proof that the tree of `new_size` leaves begins with the leaves of the tree of `old_size`.
pub fn consistency_proof(
    reader: &impl TileReader,
    old_size: u64,
    new_size: u64,
) -> Result<Vec<Hash>, TreeError> {
    if new_size < old_size {
        return Err(TreeError::Outside { wanted: old_size, size: new_size });
    }
    let mut proof = Vec::new();
    if old_size == 0 || old_size == new_size {
        return Ok(proof);
    }
    let mut walk = Walk::new(reader, new_size);
    let (mut low, mut high) = (0, new_size);
    // RFC 6962 §2.1.2. The verifier knows the old root, so the old tree's own root is left out when it
    // is a whole subtree of the new tree (`low` still 0).
    while high != old_size {
        let middle = low + split_point(high - low);
        if old_size <= middle {
            proof.push(walk.range(middle, high)?);
            high = middle;
        } else {
            proof.push(walk.range(low, middle)?);
            low = middle;
        }
    }
    if low != 0 {
        proof.push(walk.range(low, high)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Reads each tile once while one proof is made.
struct Walk<'r, R> {
    reader: &'r R,
    size: u64,
    seen: BTreeMap<TilePath, Vec<Hash>>,
}

impl<'r, R: TileReader> Walk<'r, R> {
    fn new(reader: &'r R, size: u64) -> Self {
        Self { reader, size, seen: BTreeMap::new() }
    }

    /// Hash of the leaves `low..high`, a range that RFC 6962 makes by splitting `0..size`.
    fn range(&mut self, low: u64, high: u64) -> Result<Hash, TreeError> {
        let leaves = high - low;
        if leaves.is_power_of_two() {
            return self.perfect(leaves.trailing_zeros(), low);
        }
        let middle = low + split_point(leaves);
        let left = self.range(low, middle)?;
        let right = self.range(middle, high)?;
        Ok(node_hash(&left, &right))
    }

    /// Hash of the perfect subtree of `height` that starts at leaf `low`.
    fn perfect(&mut self, height: u32, low: u64) -> Result<Hash, TreeError> {
        let (level, inner) = (height / TILE_HEIGHT, height % TILE_HEIGHT);
        let outside = || TreeError::Outside { wanted: low, size: self.size };
        let kind = TileKind::Hashes { level: u8::try_from(level).map_err(|_too_high| outside())? };
        let first = low >> (level * TILE_HEIGHT);
        let path = TilePath::in_tree(kind, first / TILE_WIDTH, self.size).ok_or_else(outside)?;
        if !self.seen.contains_key(&path) {
            self.seen.insert(path, read_hashes(self.reader, path)?);
        }
        let hashes = self.seen.get(&path).map(Vec::as_slice).unwrap_or_default();
        let start = usize::try_from(first % TILE_WIDTH).unwrap_or(usize::MAX);
        let range = start..start.saturating_add(1 << inner);
        let hashes = hashes.get(range).ok_or_else(outside)?;
        Ok(perfect_root(hashes))
    }
}

/// Root over a power of two of hashes.
fn perfect_root(hashes: &[Hash]) -> Hash {
    debug_assert!(hashes.len().is_power_of_two(), "a perfect subtree has 2^n hashes");
    let mut row = hashes.to_vec();
    while 1 < row.len() {
        row = row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    row.first().copied().unwrap_or_else(empty_root)
}

/// A tile or bundle to be written, under a name that never changes its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileToWrite {
    /// Where it goes, below the log's prefix.
    pub path: TilePath,
    /// Its whole content.
    pub bytes: Vec<u8>,
}

/// The right edge of a tree: all that is needed to append to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    /// The entries of the last, partial bundle.
    entries: Vec<Vec<u8>>,
    /// Per level, the hashes of its last, partial tile; level `l` has `(size >> 8l) mod 256` of them.
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// Opens the tree of `size` leaves by reading its rightmost tiles.
    ///
    /// The caller compares [`Edge::root`] with a root that it trusts.
    pub fn open(reader: &impl TileReader, size: u64) -> Result<Self, TreeError> {
        let mut edge = Self { size, ..Self::default() };
        let last = |kind, hashes: u64| {
            let filling = hashes / TILE_WIDTH;
            (!hashes.is_multiple_of(TILE_WIDTH)).then(|| TilePath::in_tree(kind, filling, size)).flatten()
        };
        if let Some(path) = last(TileKind::Entries, size) {
            edge.entries = read_entries(reader, path)?;
        }
        let mut hashes = size;
        for level in 0.. {
            if hashes == 0 {
                break;
            }
            edge.levels.push(match last(TileKind::Hashes { level }, hashes) {
                Some(path) => read_hashes(reader, path)?,
                None => Vec::new(),
            });
            hashes /= TILE_WIDTH;
        }
        Ok(edge)
    }

    /// Leaves of the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The entries of the last, partial bundle; the entries before them fill whole bundles.
    pub fn last_entries(&self) -> &[Vec<u8>] {
        &self.entries
    }

    /// Whether the leaf hashes of the edge are those of its entries.
    pub fn leaves_match_entries(&self) -> bool {
        let leaves = self.levels.first().map(Vec::as_slice).unwrap_or_default();
        leaves.len() == self.entries.len()
            && leaves.iter().zip(&self.entries).all(|(leaf, entry)| *leaf == leaf_hash(entry))
    }

    /// Root of the tree.
    pub fn root(&self) -> Hash {
        let mut subtrees = Vec::new();
        for level in self.levels.iter().rev() {
            let mut rest = level.as_slice();
            while !rest.is_empty() {
                // Largest perfect subtree first: the binary digits of the count, from the left.
                let width = 1 << rest.len().ilog2();
                let (perfect, after) = rest.split_at(width);
                subtrees.push(perfect_root(perfect));
                rest = after;
            }
        }
        subtrees.into_iter().rev().reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }

    /// Appends `entries` and returns every tile and bundle that this makes or widens.
    ///
    /// A tile that was partial is returned under its new name; the caller may remove the old one once
    /// the full one is durable.
    ///
    /// # Errors
    /// [`TreeError::Entry`] for an entry that is too long; the edge is then unchanged.
    pub fn append<E: AsRef<[u8]>>(&mut self, entries: &[E]) -> Result<Vec<TileToWrite>, TreeError> {
        // All checks come first: an edge that took half a batch would be neither tree.
        encode_bundle(entries).map_err(TreeError::Entry)?;
        let mut written = Vec::new();
        let mut touched = 0;
        for entry in entries {
            self.entries.push(entry.as_ref().to_vec());
            if self.entries.len() as u64 == TILE_WIDTH {
                self.push_bundle(self.size / TILE_WIDTH, &mut written)?;
                self.entries.clear();
            }
            let mut hash = leaf_hash(entry.as_ref());
            let mut position = self.size;
            self.size += 1;
            for level in 0.. {
                touched = touched.max(level + 1);
                if self.levels.len() <= level {
                    self.levels.push(Vec::new());
                }
                let filling = &mut self.levels[level];
                filling.push(hash);
                if (filling.len() as u64) < TILE_WIDTH {
                    break;
                }
                hash = perfect_root(filling);
                push_tile(level, position / TILE_WIDTH, filling, &mut written);
                filling.clear();
                position /= TILE_WIDTH;
            }
        }
        if !self.entries.is_empty() && !entries.is_empty() {
            self.push_bundle(self.size / TILE_WIDTH, &mut written)?;
        }
        let mut hashes = self.size;
        for (level, filling) in self.levels.iter().enumerate().take(touched) {
            if !filling.is_empty() {
                push_tile(level, hashes / TILE_WIDTH, filling, &mut written);
            }
            hashes /= TILE_WIDTH;
        }
        Ok(written)
    }

    fn push_bundle(&self, index: u64, written: &mut Vec<TileToWrite>) -> Result<(), TreeError> {
        let width = u16::try_from(self.entries.len()).unwrap_or(u16::MAX);
        if let Some(path) = TilePath::new(TileKind::Entries, index, width) {
            let bytes = encode_bundle(&self.entries).map_err(TreeError::Entry)?;
            written.push(TileToWrite { path, bytes });
        }
        Ok(())
    }
}

fn push_tile(level: usize, index: u64, hashes: &[Hash], written: &mut Vec<TileToWrite>) {
    let kind = TileKind::Hashes { level: u8::try_from(level).unwrap_or(u8::MAX) };
    let width = u16::try_from(hashes.len()).unwrap_or(u16::MAX);
    let path = TilePath::new(kind, index, width);
    debug_assert!(path.is_some(), "eight levels of 256 hold 2^64 leaves");
    if let Some(path) = path {
        written.push(TileToWrite { path, bytes: encode_hashes(hashes) });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::merkle::{verify_consistency, verify_inclusion};

    #[derive(Default)]
    struct Map(BTreeMap<String, Vec<u8>>);

    impl Map {
        fn write(&mut self, tiles: Vec<TileToWrite>) {
            for TileToWrite { path, bytes } in tiles {
                let before = self.0.insert(path.to_string(), bytes.clone());
                assert!(before.is_none_or(|before| before == bytes), "{path} changed its content");
            }
        }
    }

    impl TileReader for Map {
        fn read_tile(&self, path: &TilePath) -> Result<Vec<u8>, TileReadError> {
            self.0.get(&path.to_string()).cloned().ok_or(TileReadError::Missing { path: *path })
        }
    }

    fn entry(at: u64) -> Vec<u8> {
        format!("entry {at}").into_bytes()
    }

    /// The definition, with nothing clever about it.
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

    fn leaves(size: u64) -> Vec<Hash> {
        (0..size).map(|at| leaf_hash(&entry(at))).collect()
    }

    /// Grows a tree in `steps`, reopening it from its tiles before each.
    fn grow(steps: &[u64]) -> (Map, u64) {
        let mut map = Map::default();
        let mut size = 0;
        for step in steps {
            let mut edge = Edge::open(&map, size).unwrap();
            assert_eq!(edge.size(), size);
            assert!(edge.leaves_match_entries());
            let entries: Vec<_> = (size..size + step).map(entry).collect();
            map.write(edge.append(&entries).unwrap());
            size += step;
            assert_eq!(Edge::open(&map, size).unwrap(), edge, "the edge reads back");
            assert_eq!(edge.root(), naive_root(&leaves(size)));
        }
        (map, size)
    }

    fn check_proofs(map: &Map, size: u64, index: u64, old_size: u64) {
        let all = leaves(size);
        let new_root = naive_root(&all);
        assert_eq!(root(map, size).unwrap(), new_root);
        let old_root = naive_root(&all[..usize::try_from(old_size).unwrap()]);
        if index < size {
            let leaf = all[usize::try_from(index).unwrap()];
            assert_eq!(read_entry(map, index, size).unwrap(), entry(index));
            let proof = inclusion_proof(map, index, size).unwrap();
            verify_inclusion(&leaf, index, size, &proof, &new_root).unwrap();
            // One other leaf, one other place, one more and one less hash: none of them holds.
            assert!(verify_inclusion(&Hash([1; 32]), index, size, &proof, &new_root).is_err());
            assert!(verify_inclusion(&leaf, index ^ 1, size, &proof, &new_root).is_err() || size == 1);
            let longer = [proof.as_slice(), &[leaf]].concat();
            assert!(verify_inclusion(&leaf, index, size, &longer, &new_root).is_err());
            if let Some((_last, shorter)) = proof.split_last() {
                assert!(verify_inclusion(&leaf, index, size, shorter, &new_root).is_err());
            }
        }
        let proof = consistency_proof(map, old_size, size).unwrap();
        verify_consistency(old_size, &old_root, size, &new_root, &proof).unwrap();
        if 0 < old_size && old_size < size {
            assert!(verify_consistency(old_size, &Hash([1; 32]), size, &new_root, &proof).is_err());
            assert!(verify_consistency(old_size, &old_root, size, &Hash([1; 32]), &proof).is_err());
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at].0[0] ^= 1;
                assert!(verify_consistency(old_size, &old_root, size, &new_root, &changed).is_err());
            }
            let longer = [proof.as_slice(), &[old_root]].concat();
            assert!(verify_consistency(old_size, &old_root, size, &new_root, &longer).is_err());
        }
    }

    #[test]
    fn every_proof_of_every_small_tree_holds() {
        for size in 0..=20 {
            let (map, size) = grow(&[size]);
            for index in 0..=size {
                check_proofs(&map, size, index, index);
            }
        }
    }

    #[test]
    fn proofs_hold_across_three_levels_of_tiles() {
        let (map, size) = grow(&[255, 1, 1, 65_279, 300]);
        assert_eq!(size, 65_836);
        for at in [0, 1, 255, 256, 257, 65_535, 65_536, 65_835, size] {
            check_proofs(&map, size, at, at);
        }
    }

    #[test]
    fn a_partial_tile_that_was_tidied_away_is_read_from_the_full_one() {
        let (mut map, size) = grow(&[100, 200]);
        map.0.remove("tile/0/000.p/100").unwrap();
        map.0.remove("tile/entries/000.p/100").unwrap();
        assert_eq!(root(&map, 100).unwrap(), naive_root(&leaves(100)));
        assert_eq!(Edge::open(&map, 100).unwrap().root(), naive_root(&leaves(100)));
        map.0.remove("tile/0/001.p/44").unwrap();
        assert_eq!(root(&map, size).unwrap_err().code(), "tlog.tree.tile_missing");
    }

    #[test]
    fn a_tile_of_the_wrong_length_is_named() {
        let (mut map, size) = grow(&[3]);
        map.0.get_mut("tile/0/000.p/3").unwrap().pop();
        let refusal = root(&map, size).unwrap_err();
        assert_eq!(
            (refusal.code(), refusal.to_string()),
            ("tlog.tree.tile_malformed", "tile/0/000.p/3 is not well formed".to_owned())
        );
        assert_eq!(inclusion_proof(&map, 3, 3).unwrap_err().code(), "tlog.tree.outside");
    }

    #[test]
    fn an_entry_that_is_too_long_leaves_the_edge_as_it_was() {
        let mut edge = Edge::default();
        edge.append(&[b"a"]).unwrap();
        let before = edge.clone();
        let refusal = edge.append(&[vec![1], vec![0; 65_536]]).unwrap_err();
        assert_eq!(refusal.code(), "tlog.tree.entry_too_long");
        assert_eq!(edge, before);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_growth_gives_the_tree_of_the_definition(
            steps in proptest::collection::vec(0_u64..400, 0..6),
            index: u64,
            old_size: u64,
        ) {
            let (map, size) = grow(&steps);
            check_proofs(&map, size, index % (size + 1), old_size % (size + 1));
        }
    }
}

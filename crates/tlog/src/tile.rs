//! Tiles and entry bundles of `c2sp.org/tlog-tiles`: where they lie and what is in them.
//!
//! A tile is 256 consecutive hashes of one level, written once. While it is still filling it is
//! published under a name that carries its width (`.p/17`), so that no name ever changes its content:
//! that is why tiles can be cached for ever and why rewriting one after a crash is harmless.

use std::fmt;

use thiserror::Error;

use crate::merkle::Hash;

/// Hashes in a full tile, entries in a full bundle.
pub const TILE_WIDTH: u64 = 256;
/// Height of the subtree that a tile stands for.
pub const TILE_HEIGHT: u32 = 8;
/// Largest entry that a bundle can carry, in bytes (its length prefix has 16 bits).
pub const ENTRY_BYTES_MAX: usize = u16::MAX as usize;
/// Longest path that is looked at; the longest valid one has 43 characters.
pub const PATH_CHARS_MAX: usize = 64;
/// Highest level that the specification names.
pub const LEVEL_MAX: u8 = 63;

/// What a tile path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of a level; level 0 are leaf hashes.
    Hashes {
        /// Level, 0 to 63.
        level: u8,
    },
    /// The entries themselves, beneath level 0.
    Entries,
}

/// Path of a tile below the log's prefix, for example `tile/0/x001/234.p/17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// Why a path or the content of a tile is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TileError {
    /// Not a path that the specification allows, or not its only spelling.
    #[error("not the path of a tile")]
    BadPath,
    /// A tile whose length is not its width times 32 bytes.
    #[error("a tile of width {width} has {given} bytes")]
    WrongLength {
        /// Width by its path.
        width: u16,
        /// Length of the content in bytes.
        given: usize,
    },
    /// A bundle that ends within an entry or has bytes left over.
    #[error("the entry bundle does not hold exactly {width} entries")]
    BadBundle {
        /// Width by its path.
        width: u16,
    },
    /// An entry that does not fit the 16-bit length prefix.
    #[error("an entry of {given} bytes is longer than {ENTRY_BYTES_MAX}")]
    EntryTooLong {
        /// Length of the entry in bytes.
        given: usize,
    },
}

impl TileError {
    /// Stable identifier of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadPath => "tlog.tile.bad_path",
            Self::WrongLength { .. } => "tlog.tile.wrong_length",
            Self::BadBundle { .. } => "tlog.tile.bad_bundle",
            Self::EntryTooLong { .. } => "tlog.tile.entry_too_long",
        }
    }
}

impl TilePath {
    /// Tile number `index` of `kind` with `width` hashes or entries; `None` unless 1 ≤ width ≤ 256.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Option<Self> {
        let level_fits = match kind {
            TileKind::Hashes { level } => level <= LEVEL_MAX,
            TileKind::Entries => true,
        };
        (level_fits && 1 <= width && u64::from(width) <= TILE_WIDTH).then_some(Self { kind, index, width })
    }

    /// The tile of `kind` and `index` as it stands in a tree of `size` leaves; `None` if it is empty.
    pub fn in_tree(kind: TileKind, index: u64, size: u64) -> Option<Self> {
        let hashes = hashes_at_level(kind, size);
        let before = index.checked_mul(TILE_WIDTH)?;
        let width = hashes.checked_sub(before)?.min(TILE_WIDTH);
        Self::new(kind, index, u16::try_from(width).ok()?)
    }

    /// What the path leads to.
    pub fn kind(&self) -> TileKind {
        self.kind
    }

    /// Index of the tile within its level.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Hashes or entries in it, 1 to 256.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether the tile is not full yet.
    pub fn is_partial(&self) -> bool {
        u64::from(self.width) < TILE_WIDTH
    }

    /// The same tile once it is full.
    pub fn full(&self) -> Self {
        Self { width: 256, ..*self }
    }

    /// Reads a path below the log's prefix. Accepts exactly the spelling that `Display` writes.
    pub fn parse(path: &str) -> Result<Self, TileError> {
        if PATH_CHARS_MAX < path.len() {
            return Err(TileError::BadPath);
        }
        let mut parts: Vec<&str> = path.split('/').collect();
        let mut width = 256;
        if let [.., before_last, last] = parts.as_mut_slice()
            && let Some(stem) = before_last.strip_suffix(".p")
        {
            width = last.parse().map_err(|_not_a_number| TileError::BadPath)?;
            *before_last = stem;
            parts.pop();
            if 255 < width {
                return Err(TileError::BadPath);
            }
        }
        let [first, level, elements @ ..] = parts.as_slice() else {
            return Err(TileError::BadPath);
        };
        if *first != "tile" {
            return Err(TileError::BadPath);
        }
        let kind = match *level {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes { level: level.parse().map_err(|_not_a_number| TileError::BadPath)? },
        };
        let mut index: u64 = 0;
        for element in elements {
            let digits = element.strip_prefix('x').unwrap_or(element);
            let value: u64 = digits.parse().map_err(|_not_a_number| TileError::BadPath)?;
            index = index
                .checked_mul(1000)
                .and_then(|above| above.checked_add(value))
                .ok_or(TileError::BadPath)?;
        }
        let tile = Self::new(kind, index, width).ok_or(TileError::BadPath)?;
        // One comparison instead of a dozen rules: signs, leading zeroes, missing or extra `x`, and
        // whatever else a lenient parse lets through cannot be what `Display` writes.
        if tile.to_string() != path {
            return Err(TileError::BadPath);
        }
        Ok(tile)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while 0 < rest {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (at, group) in groups.iter().enumerate().rev() {
            if at == 0 {
                write!(f, "{group:03}")?;
            } else {
                write!(f, "x{group:03}/")?;
            }
        }
        if self.is_partial() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// How many hashes of `kind` a tree of `size` leaves has.
fn hashes_at_level(kind: TileKind, size: u64) -> u64 {
    match kind {
        TileKind::Entries => size,
        TileKind::Hashes { level } => size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0),
    }
}

/// Reads the hashes of a tile whose width is known from its path.
pub fn parse_hashes(width: u16, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
    if bytes.len() != usize::from(width) * Hash::LEN {
        return Err(TileError::WrongLength { width, given: bytes.len() });
    }
    Ok(bytes.chunks_exact(Hash::LEN).filter_map(Hash::from_slice).collect())
}

/// Writes hashes one after the other, as a tile holds them.
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Reads the entries of a bundle whose width is known from its path.
pub fn parse_bundle(width: u16, bytes: &[u8]) -> Result<Vec<Vec<u8>>, TileError> {
    let bad = || TileError::BadBundle { width };
    let mut entries = Vec::with_capacity(usize::from(width));
    let mut rest = bytes;
    for _ in 0..width {
        let (prefix, after) = rest.split_first_chunk::<2>().ok_or_else(bad)?;
        let (entry, after) =
            after.split_at_checked(usize::from(u16::from_be_bytes(*prefix))).ok_or_else(bad)?;
        entries.push(entry.to_vec());
        rest = after;
    }
    if !rest.is_empty() {
        return Err(bad());
    }
    Ok(entries)
}

/// Writes entries with their big-endian 16-bit length prefixes, as a bundle holds them.
pub fn encode_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, TileError> {
    let mut bytes = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length =
            u16::try_from(entry.len()).map_err(|_too_long| TileError::EntryTooLong { given: entry.len() })?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hashes(level: u8) -> TileKind {
        TileKind::Hashes { level }
    }

    fn check(kind: TileKind, index: u64, width: u16) -> String {
        let path = TilePath::new(kind, index, width).unwrap();
        assert_eq!(TilePath::parse(&path.to_string()), Ok(path));
        path.to_string()
    }

    #[test]
    fn paths_are_spelled_as_the_specification_spells_them() {
        assert_eq!(check(hashes(0), 0, 256), "tile/0/000");
        assert_eq!(check(hashes(0), 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(check(hashes(63), 999, 1), "tile/63/999.p/1");
        assert_eq!(check(TileKind::Entries, 1000, 255), "tile/entries/x001/000.p/255");
        assert_eq!(
            check(TileKind::Entries, u64::MAX, 255),
            "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255"
        );
    }

    #[test]
    fn any_other_spelling_is_refused() {
        for path in [
            "",
            "/",
            "tile",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile/0/000/",
            "tile//000",
            "tile/00/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/+0/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/x001/x000",
            "tile/0/000.p/0",
            "tile/0/000.p/01",
            "tile/0/000.p/256",
            "tile/0/000.p",
            "tile/0/000.p/",
            "tile/0/000.p/1/2",
            "tile/entries/../../../etc/passwd",
            "tile/entries/%2e%2e/000",
            "tile/0/..",
            "tile/0/\\000",
            "tile/0/000\0",
            "tile/0/000\n",
            "tile/data/000",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
            "checkpoint",
        ] {
            assert_eq!(TilePath::parse(path), Err(TileError::BadPath), "{path:?}");
        }
    }

    #[test]
    fn a_tree_of_70_000_has_the_tiles_of_the_specification() {
        let width = |level, index| TilePath::in_tree(hashes(level), index, 70_000).map(|tile| tile.width());
        assert_eq!(width(0, 272), Some(256));
        assert_eq!(width(0, 273), Some(112));
        assert_eq!(width(0, 274), None);
        assert_eq!(width(1, 0), Some(256));
        assert_eq!(width(1, 1), Some(17));
        assert_eq!(width(2, 0), Some(1));
        assert_eq!(width(3, 0), None);
        assert_eq!(TilePath::in_tree(hashes(0), 0, 256).map(|tile| tile.is_partial()), Some(false));
        assert_eq!(TilePath::in_tree(hashes(1), 0, 256).map(|tile| tile.width()), Some(1));
        assert_eq!(TilePath::in_tree(hashes(0), 0, 0), None);
    }

    #[test]
    fn a_bundle_must_hold_exactly_its_entries() {
        let bytes = encode_bundle(&[b"ab".as_slice(), b"", b"c"]).unwrap();
        assert_eq!(bytes, b"\0\x02ab\0\0\0\x01c");
        assert_eq!(parse_bundle(3, &bytes).unwrap(), [b"ab".as_slice(), b"", b"c"]);
        assert_eq!(parse_bundle(2, &bytes).unwrap_err().code(), "tlog.tile.bad_bundle");
        assert_eq!(parse_bundle(4, &bytes).unwrap_err().code(), "tlog.tile.bad_bundle");
        assert_eq!(parse_bundle(3, &bytes[..bytes.len() - 1]).unwrap_err().code(), "tlog.tile.bad_bundle");
        assert_eq!(
            encode_bundle(&[vec![0; ENTRY_BYTES_MAX + 1]]).unwrap_err().code(),
            "tlog.tile.entry_too_long"
        );
        assert_eq!(parse_hashes(2, &[0; 63]).unwrap_err().code(), "tlog.tile.wrong_length");
    }

    proptest! {
        #[test]
        fn every_path_reads_back(level in 0_u8..=63, entries: bool, index: u64, width in 1_u16..=256) {
            let kind = if entries { TileKind::Entries } else { hashes(level) };
            check(kind, index, width);
        }

        #[test]
        fn what_parses_is_spelled_the_same(path in "tile/(entries|[0-9]{1,2})/(x?[0-9]{3}/){0,3}[0-9]{3}(\\.p/[0-9]{1,3})?") {
            if let Ok(tile) = TilePath::parse(&path) {
                prop_assert_eq!(tile.to_string(), path);
            }
        }

        #[test]
        fn no_bytes_make_the_bundle_parser_fail_badly(width in 1_u16..=256, bytes: Vec<u8>) {
            if let Ok(entries) = parse_bundle(width, &bytes) {
                prop_assert_eq!(entries.len(), usize::from(width));
                prop_assert_eq!(encode_bundle(&entries).unwrap(), bytes);
            }
        }
    }
}

//! New identifiers that always sort after those made before.

use hutong_kernel::IdSource;
use jiff::Timestamp;
use uuid::Uuid;

use crate::StoreError;

/// The random part of UUIDv7 that is counted up within a millisecond: 62 bits.
const TAIL_MASK: u64 = (1 << 62) - 1;

/// Makes UUIDv7 (RFC 9562, §6.2 method 2): time, then random bits that grow within a millisecond.
#[derive(Debug, Default)]
pub(crate) struct Mint {
    millis: u64,
    head: [u8; 2],
    tail: u64,
}

impl Mint {
    /// The next identifier. A clock that goes back does not make ids go back.
    pub(crate) fn next(&mut self, at: Timestamp) -> Result<Uuid, StoreError> {
        let mut random = [0; 10];
        getrandom::fill(&mut random).map_err(|error| StoreError::fault("drawing an identifier", error))?;
        let [a, b, tail @ ..] = random;
        let fresh = u64::from_be_bytes(tail) & TAIL_MASK;
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        if self.millis < millis {
            *self = Self { millis, head: [a, b], tail: fresh };
        } else {
            // Steps of up to 2³²: not to be guessed, and four thousand million of them fit.
            self.tail += 1 + (fresh & 0xffff_ffff);
            if TAIL_MASK < self.tail {
                *self = Self { millis: self.millis + 1, head: [a, b], tail: fresh >> 1 };
            }
        }
        let [t0, t1, t2, t3, t4, t5, t6, t7] = self.tail.to_be_bytes();
        let [a, b] = self.head;
        let source = IdSource { millis: self.millis, random: [a, b, t0, t1, t2, t3, t4, t5, t6, t7] };
        Ok(hutong_kernel::Id::uuid(source.id::<hutong_kernel::DocumentId>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_moment_and_of_a_clock_that_goes_back_still_grow() {
        let mut mint = Mint::default();
        let mut last = Uuid::nil();
        for millis in
            [1_790_000_000_000, 1_790_000_000_000, 1_790_000_000_000, 1_600_000_000_000, 1_790_000_000_001]
        {
            for _ in 0..1_000 {
                let next = mint.next(Timestamp::from_millisecond(millis).unwrap()).unwrap();
                assert!(last < next, "{last} then {next}");
                assert_eq!(next.get_version_num(), 7);
                last = next;
            }
        }
    }
}

//! What every engine of the store must do, one test for each claim.
//!
//! An engine's own test file says `hutong_testkit::store_conformance!(make_bed);` with a function
//! `fn make_bed() -> StoreBed`, and has them all.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a claim that does not hold must stop its test")]
#![expect(missing_docs, reason = "the name of each function is its claim")]

mod bodies;
mod keys;
mod lists;
mod model;
mod past;
mod records;
mod saving;
mod state;
mod writing;

use std::any::Any;
use std::future::Future;

use hutong_store::{KindSpec, Store, StoreError};

pub use bodies::*;
pub use keys::*;
pub use lists::*;
pub use model::*;
pub use past::*;
pub use records::{Chore, kinds};
pub use saving::*;
pub use state::*;
pub use writing::*;

/// An empty place in which a store can be opened, closed and opened again.
pub struct StoreBed {
    /// Opens the store in this place. It is opened again only after it was dropped.
    pub open: Box<dyn Fn(Vec<KindSpec>) -> Result<Store, StoreError> + Send + Sync>,
    /// Whatever must live as long as the place: a folder, a server.
    pub keep: Box<dyn Any + Send + Sync>,
}

impl StoreBed {
    /// Opens the store with the suite's kinds.
    ///
    /// # Panics
    /// It cannot be opened.
    pub fn store(&self) -> Store {
        (self.open)(kinds()).expect("the store opens")
    }
}

/// Makes an empty place.
pub type MakeBed = fn() -> StoreBed;

/// Runs a claim on a runtime of its own.
///
/// # Panics
/// The claim is wrong, or there is no runtime.
pub fn run(claim: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(claim);
}

/// Makes one test of each claim of the suite for an engine: `store_conformance!(make_bed)`.
#[macro_export]
macro_rules! store_conformance {
    ($make:path) => {
        $crate::store_conformance! { @claims $make;
            a_record_reads_back_as_it_was_written
            what_exists_cannot_be_created_and_what_does_not_cannot_be_updated
            an_update_of_another_version_is_a_conflict_that_names_both
            put_writes_whatever_the_version_and_loses_nothing_to_others
            a_change_is_written_whole_or_not_at_all
            a_change_without_a_reason_or_with_an_endless_one_is_refused
            a_change_without_records_leaves_no_trace
            one_change_may_write_a_record_twice
            of_many_who_update_one_version_exactly_one_wins
            sequence_numbers_have_no_gap_under_failing_and_parallel_changes
            a_unique_field_is_unique_and_no_value_may_be_shared
            a_unique_value_that_was_given_up_may_be_taken
            a_kind_that_was_not_declared_is_refused
            new_ids_sort_in_the_order_in_which_they_were_made
            each_entry_names_the_commitment_of_the_version_before
            a_commitment_is_the_hash_of_domain_salt_and_canonical_text
            the_canonical_text_has_exactly_the_documented_fields
            the_past_reads_as_of_any_moment
            a_history_is_told_from_the_first_version_on
            the_journal_is_filtered_and_paged_in_both_directions
            the_feed_is_ordered_and_resumes_anywhere
            the_head_tells_only_what_can_be_read
            lists_are_sorted_by_the_declared_field_then_by_id
            a_range_includes_its_bounds_and_never_a_missing_value
            pages_are_complete_and_without_duplicates_while_others_write
            counts_are_exact_up_to_their_bound
            every_declared_list_is_answered_from_its_index
            a_list_that_was_not_declared_is_refused
            a_cursor_of_another_list_is_refused
            all_follows_the_pages_to_the_end
            a_newly_declared_index_covers_the_old_records
            a_repeated_request_gets_the_same_receipts_and_changes_nothing
            the_same_key_for_another_request_is_refused
            keys_of_different_people_are_different_keys
            the_same_request_sent_many_times_at_once_is_carried_out_once
            a_key_that_is_no_key_is_refused
            a_forgotten_answer_frees_its_key
            a_failed_change_leaves_its_key_free
            bodies_without_one_meaning_are_refused_with_their_code
            a_large_body_is_kept_and_a_larger_one_refused
            texts_of_all_planes_come_back_byte_for_byte
            sessions_live_until_they_expire_or_are_ended
            a_credential_is_set_replaced_and_taken_away
            failures_count_in_parallel_and_lock_for_a_time
            a_lease_has_one_holder_at_a_time
            followers_keep_their_position
            operational_state_leaves_no_trace_in_the_journal
            the_list_of_tables_is_closed
            what_was_written_is_there_after_opening_again
            files_are_kept_by_their_hash
            a_damaged_file_is_not_handed_out
            a_backup_made_under_load_restores_to_a_sound_store
            a_damaged_or_unfinished_backup_is_not_restored
            nothing_is_overwritten_by_backup_or_restore
            a_sound_store_has_no_findings
            random_commands_agree_with_a_naive_model
        }
    };
    (@claims $make:path; $($claim:ident)+) => {
        $(
            #[test]
            fn $claim() {
                $crate::conformance::run($crate::conformance::$claim($make));
            }
        )+
    };
}

# The ledger and its proofs. Ids are error codes with "-" for ".".

## Refusals
ledger-no_such_entry = The journal has no entry { $seq }.
ledger-no_such_record = The journal has no record { $record } of kind { $kind }.
ledger-not_sequenced = Entry { $seq } is not in the ledger yet, which has { $size } entries. Try again in a second.
ledger-not_started = There is no ledger at { $path }. It is made when the server starts for the first time.
ledger-copy_target_in_use = { $path } exists. A ledger is only copied to where there is none.
ledger-bad_origin = “{ $origin }” cannot be the ledger’s name: no spaces, no plus sign, at most 256 bytes.

## Faults that may pass
ledger-io = Could not { $operation } { $path }: { $reason }.
ledger-journal-unreadable = The journal could not be read: { $reason }.
ledger-already_running = Another process writes this ledger (it holds { $path }). Only one may.
ledger-no_randomness = The system gave no randomness for a new key: { $reason }.

## Broken invariants: the ledger stops until somebody has looked
ledger-lock-missing = { $path } is missing although the ledger was started before. Restore it from the newest copy; never from an old one.
ledger-lock-malformed = { $path } does not hold the head of a ledger. Restore it from the newest copy.
ledger-lock-moved = The lock was changed by somebody else: it records { $found } entries instead of { $expected }. Find out who wrote it before you start again.
ledger-lock-other_origin = The lock belongs to { $found }, but the configured name is { $expected }. A ledger’s name cannot be changed.
ledger-lock-behind_tiles = The tiles reach { $extent } entries, the lock records only { $size }. The lock was set back; restore its newest copy.
ledger-lock-behind_checkpoint = A checkpoint of { $published } entries was published, the lock records only { $size }. The lock was set back; restore its newest copy.
ledger-key-missing = The signing key { $path } is missing although the ledger has { $size } entries. Restore it from the backup; a new key would be a new ledger.
ledger-key-malformed = { $path } does not hold a key.
ledger-key-other_origin = The key belongs to { $found }, but the configured name is { $expected }.
ledger-key-exposed = { $path } may be read by others than its owner (mode { $mode }). Find out who could have copied it, then set mode 600.
ledger-key-vkey_differs = { $path } is not the public half of the signing key. One of the two was exchanged.
ledger-journal-short = The journal ends at entry { $head }, the ledger has { $size }. The database was set back; restore a newer copy.
ledger-journal-gap = The journal gave entry { $found } where { $expected } was due.
ledger-journal-differs = Entry { $seq } of the journal is not the one in the ledger. It was changed after it was sequenced.
ledger-tiles-behind_lock = The tiles do not reach the { $size } entries that the lock records: { $path } is missing. Restore the tiles from a copy or a mirror.
ledger-tiles-malformed = { $path } is damaged. Restore it from a copy or a mirror.
ledger-tiles-differ = The tiles do not lead to the root that was recorded for { $size } entries. Run the audit, and restore the tiles from a copy or a mirror.
ledger-tiles-conflict = { $path } exists with another content. Tiles never change, so the file or the journal was changed.
ledger-checkpoint-shrunk = The published checkpoint went back to { $published } entries, the lock records { $size }. Somebody put an old file in its place.
ledger-checkpoint-foreign = The published checkpoint was not signed by this ledger: { $reason }.
ledger-checkpoint-forked = The published checkpoint of { $published } entries belongs to another history than the ledger. Keep both: together they are evidence.
ledger-proof_broken = The proof for entry { $seq } does not hold: the entry or the ledger was changed. Run the audit.

## Verifying a proof file
ledger-verify-no_entry = The file does not carry the entry that it proves, or in a form that this version does not know.
ledger-verify-not_an_entry = The text is proven to be in the ledger, but it is not a journal entry that this version can read.
ledger-verify-too_many_proofs = The file holds more than { $limit } proofs.
ledger-verify-broken_order = Proof { $place } of the file is not version { $expected } of the record: one is missing or out of order.
ledger-verify-broken_chain = Version { $version } does not follow from the version before it.

## Audit
ledger-audit-journal_gap = The journal has no entry { $expected }.
ledger-audit-journal_short = The journal ends at entry { $head }, the checkpoint covers { $size }.
ledger-audit-commitment_differs = The text of entry { $seq } is not the one that was committed to.
ledger-audit-entry_unreadable = The text of entry { $seq } cannot be read.
ledger-audit-chain_broken = Entry { $seq } (version { $version } of { $kind } { $record }) does not follow from the version before it.
ledger-audit-leaf_differs = The ledger holds another commitment for entry { $seq } than the journal.
ledger-audit-tile_missing = { $path } is missing.
ledger-audit-tile_differs = { $path } is not what the entries give.
ledger-audit-root_differs = The { $size } entries give another root than the one that was signed.
ledger-audit-checkpoint_foreign = The published checkpoint was not signed by this key: { $reason }.
ledger-audit-lock_disagrees = The lock records { $recorded } entries and does not go with the published checkpoint of { $size }.
ledger-audit-earlier_foreign = The earlier checkpoint was not signed by this key: { $reason }.
ledger-audit-history_rewritten = The ledger of { $size } entries does not continue the checkpoint of { $earlier } entries that you kept: history was rewritten.

## Check-up
ledger-check-lock = The lock can be read and belongs to this ledger
ledger-check-key = The signing key is there and only its owner can read it
ledger-check-tiles = The tiles lead to the recorded root
ledger-check-checkpoint = The published checkpoint is signed and continues the same history
ledger-check-journal = The journal reaches as far as the ledger
ledger-check-same_device = Tiles and lock are on the same device. Put the lock on another one, so that nothing can set back both at once.

## Formats of the transparency log
tlog-merkle-index_outside = The entry’s place lies outside the ledger.
tlog-merkle-shrunk = The ledger became smaller.
tlog-merkle-wrong_length = The proof has too many or too few hashes.
tlog-merkle-root_differs = The proof does not lead to the signed root: the entry, its place or the proof was changed.
tlog-tile-bad_path = This is not the path of a tile.
tlog-tile-wrong_length = The tile does not have the right length.
tlog-tile-bad_bundle = The entry bundle is damaged.
tlog-tile-entry_too_long = The entry is too long for the ledger.
tlog-tree-tile_missing = A tile is missing.
tlog-tree-tile_unreadable = A tile could not be read.
tlog-tree-tile_malformed = A tile is damaged.
tlog-tree-outside = The entry lies outside the ledger.
tlog-tree-entry_too_long = The entry is too long for the ledger.
tlog-key-bad_name = The key’s name is empty, too long, or has a space or plus sign.
tlog-key-bad_form = This is not a key of the form name+id+base64.
tlog-key-other_algorithm = The key is not an Ed25519 key.
tlog-key-wrong_id = The key’s id does not belong to its name and content.
tlog-key-bad_material = The key is not a valid Ed25519 key.
tlog-note-too_large = The signed text is larger than is read.
tlog-note-bad_form = This is not a signed text.
tlog-note-bad_signature_line = A signature line is not well formed.
tlog-note-wrong_signature = The signature is wrong: the checkpoint was changed or forged.
tlog-note-not_signed = The checkpoint is not signed by this key.
tlog-checkpoint-too_large = The checkpoint is larger than is read.
tlog-checkpoint-bad_form = This is not a checkpoint.
tlog-checkpoint-bad_size = The size in the checkpoint is not a plain number.
tlog-checkpoint-bad_root = The root in the checkpoint is not a hash.
tlog-checkpoint-other_origin = The checkpoint belongs to another ledger than the key.
tlog-proof-too_large = The proof file is larger than is read.
tlog-proof-bad_header = This is not a proof file: its first line is not c2sp.org/tlog-proof@v1.
tlog-proof-bad_line = A line of the proof file is not well formed.

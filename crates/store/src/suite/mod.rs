//! The contract suite: what every backend must do, whatever it is made of.
//!
//! One file per noun; each test is `async fn(&dyn Store)` and gets a fresh store. A backend runs all of them with
//! [`contract_suite!`](crate::contract_suite), naming a function that makes a fresh store and whatever must live as long
//! as it does; none where this backend cannot run:
//!
//! ```ignore
//! async fn fresh() -> Option<(Sqlite, TempDir)> { … }
//! laserchat_store::contract_suite!(fresh);
//! ```

pub mod belongings;
pub mod contacts;
pub mod conversations;
pub mod deletions;
pub mod emoji;
pub mod expiry;
pub mod exports;
pub mod files;
pub mod followers;
pub mod invitations;
pub mod law;
pub mod leases;
pub mod log;
pub mod mail;
pub mod memberships;
pub mod notifications;
pub mod polls;
pub mod positions;
pub mod previews;
pub mod pushes;
pub mod search;
pub mod sessions;
pub mod slash;
pub mod statements;
pub mod system;
pub mod tokens;
pub mod users;
pub mod webhooks;
pub mod world;

/// Makes one test of every function of the suite.
#[macro_export]
macro_rules! contract_suite {
    ($fresh:ident) => {
        $crate::contract_suite! { @all $fresh;
            log: one_post_from_end_to_end, seqs_are_dense, wrong_positions_conflict, stale_versions_are_refused,
                a_retry_returns_the_first_result, appends_of_a_group_follow_each_other,
                a_refused_append_disturbs_no_other, appenders_never_leave_a_gap, windows, reactions, reactors_are_paged,
                threads, following, pins, deleting_leaves_a_tombstone, mentions_follow_edits, forwarded_and_system;
            conversations: direct_ones_are_unique, a_key_is_used_once, lists_begin_with_the_newest,
                a_view_differs_by_who_asks, public_channels_are_found, members_are_paged, members_by_name,
                acquaintance, deleting, purging;
            memberships: cursors_only_move_forward, receipts_are_for_small_conversations, settings, joining_has_read_all,
                versions_are_dense, own_changes_are_paged;
            law: changes_lead_to_the_present, unread_equals_a_recount;
            users: the_first_is_the_owner, there_is_one_owner, names_are_unique, bots_are_limited, profiles, credentials,
                search, all_users_are_paged, last_seen, disabled;
            notifications: settings_are_kept_and_synced, audiences_of_channels_are_small, activity_is_what_one_may_see,
                edits_add_mentions, a_telling_goes_on_where_it_was;
            pushes: devices_belong_to_sessions, a_push_waits_until_it_is_taken, what_need_not_be_sent_is_forgotten,
                reading_takes_back, the_key_is_made_once;
            mail: addresses_wait_until_confirmed, a_digest_tells_what_it_began_with, digests_without_a_reader_end,
                the_key_of_links_is_made_once;
            sessions: rotation, reuse_ends_the_session, ending, expiry, touching, touching_at_once;
            contacts: requests, blocks, listing;
            belongings: newer_ones_stay, lists_and_limits, what_is_due, they_keep_their_files, what_has_a_wall_time;
            polls: votes_are_counted_and_ones_own_is_known, voters_are_paged, what_is_to_be_closed,
                an_erased_poll_leaves_no_votes;
            emoji: a_list_with_a_version, a_limit, pictures_are_kept_while_they_are_used;
            expiry: what_is_due_is_found, a_rule_that_changes_is_looked_at_again, every_conversation_can_be_enrolled;
            exports: one_at_a_time, they_end, only_ones_own;
            deletions: it_begins_once_and_ends_once, votes_and_reactions_are_found_until_they_are_gone,
                nothing_personal_is_left, heirs_are_people_by_rank;
            invitations: uses_are_counted_once_each, expiry_and_revocation, limits, registering_uses_one_up;
            search: words_and_phrases, only_what_is_there, only_what_one_may_see, facts_are_those_of_now, a_new_index,
                names_of_conversations, finding_equals_looking;
            tokens: life, limit;
            files: an_upload_becomes_a_file, quotas_and_keys, messages_keep_files, a_send_and_a_collection_do_not_meet,
                the_same_bytes_are_one_blob, pictures_keep_files, what_nobody_needs_falls_due,
                a_deleted_conversation_lets_files_go, a_second_look_counts, what_is_refused_leaves_nothing,
                what_is_given_up_leaves_nothing, a_conversation_keeps_its_picture;
            followers: beginnings_differ, cursors_of_followers, deleted_conversations_are_told;
            previews: they_are_part_of_the_message, a_job_waits_until_it_is_done, pages_are_remembered_for_a_time;
            leases: one_holder_at_a_time, they_end_by_themselves, tokens_rise_with_each_holder, they_are_given_back;
            positions: of_many_at_once;
            slash: they_are_where_their_bots_are, a_secret_lives_as_long_as_the_url, a_bot_has_so_many;
            webhooks: incoming_ones_have_a_bot, outgoing_ones_change, a_delivery_waits_until_it_has_arrived,
                two_secrets_sign_for_a_time, what_is_erased_is_told_to_nobody, only_the_newest_are_remembered;
            system: settings, keys, kept_answers, health;
        }
    };
    (@all $fresh:ident; $($noun:ident: $($test:ident),+;)+) => {
        $(mod $noun {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let Some((store, _guard)) = super::$fresh().await else { return };
                $crate::suite::$noun::$test(&store).await;
            })+
        })+
    };
}

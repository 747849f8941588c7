// Texts of `thread`.

export default {
  title: 'Thread',
  replies_one: '{{count}} reply',
  replies_other: '{{count}} replies',
  last: 'last {{time}}',
  follow: 'Follow this thread',
  unfollow: 'Stop following this thread',
  gone: 'This thread is not here',
  composer: 'Reply',
  back: 'To the conversation',
};

// Texts of `thread`.

export default {
  title: 'Thread',
  replies_one: '{{count}} Antwort',
  replies_other: '{{count}} Antworten',
  last: 'zuletzt {{time}}',
  follow: 'Diesem Thread folgen',
  unfollow: 'Diesem Thread nicht mehr folgen',
  gone: 'Diesen Thread gibt es hier nicht',
  composer: 'Antworten',
  back: 'Zur Unterhaltung',
};

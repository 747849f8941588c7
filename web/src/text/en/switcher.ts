// Texts of `switcher`: the quick switcher.

export default {
  title: 'Go to',
  placeholder: 'Where to? A conversation, a person, a command',
  unread: 'Unread',
  recent: 'Recent',
  conversations: 'Conversations',
  people: 'People',
  commands: 'Commands',
  nothing: 'Nothing is called that.',
  found_one: '{{count}} result',
  found_other: '{{count}} results',
  themeLight: 'Light theme',
  themeDark: 'Dark theme',
  themeSystem: 'Theme of the system',
  hintMove: 'to choose',
  hintOpen: 'to open',
  hintClose: 'to close',
  searchFor: 'Search messages for “{{text}}”',
};

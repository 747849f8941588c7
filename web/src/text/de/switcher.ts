// Texts of `switcher`: the quick switcher.

export default {
  title: 'Gehe zu',
  placeholder: 'Wohin? Unterhaltung, Person oder Befehl',
  unread: 'Ungelesen',
  recent: 'Zuletzt',
  conversations: 'Unterhaltungen',
  people: 'Personen',
  commands: 'Befehle',
  nothing: 'Nichts heißt so.',
  found_one: '{{count}} Treffer',
  found_other: '{{count}} Treffer',
  themeLight: 'Helles Design',
  themeDark: 'Dunkles Design',
  themeSystem: 'Design des Systems',
  hintMove: 'wählen',
  hintOpen: 'öffnen',
  hintClose: 'schließen',
  searchFor: 'Nachrichten nach „{{text}}“ durchsuchen',
};

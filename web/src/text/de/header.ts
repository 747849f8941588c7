// Texts of `header`: the line above a conversation.

export default {
  details: 'Details',
  pins: 'Angeheftet',
  memberCount_one: '{{count}} Mitglied',
  memberCount_other: '{{count}} Mitglieder',
  archived: 'Archiviert',
  search: 'In dieser Unterhaltung suchen',
  expires: 'Nachrichten werden nach {{span}} gelöscht',
};

// Texts of `install`: the app as an installed program.

export default {
  update: 'Eine neue Version ist bereit.',
  reload: 'Neu laden',
  later: 'Später',
  install: 'LaserChat installieren',
  installHint: 'Es öffnet sich in einem eigenen Fenster und startet auch ohne Verbindung.',
  skipToContent: 'Zum Inhalt springen',
  skipToList: 'Zu den Unterhaltungen springen',
  notifyMany_one: '{{count}} neue Nachricht',
  notifyMany_other: '{{count}} neue Nachrichten',
};

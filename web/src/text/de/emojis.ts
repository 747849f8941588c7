// Texts of `emojis`: custom emoji.

export default {
  title: 'Emoji',
  text: 'Eigene Bilder, die alle auf diesem Server als :name: verwenden können, in Nachrichten und als Reaktion.',
  custom: 'Von diesem Server',
  name: 'Name',
  nameHint: 'Kleinbuchstaben, Ziffern, - und _, ohne Doppelpunkte.',
  picture: 'Bild',
  pictureHint: 'Quadratisch und klein: PNG, GIF, WebP oder JPEG.',
  add: 'Emoji hinzufügen',
  added: ':{{name}}: kann jetzt verwendet werden',
  removeTitle: ':{{name}}: entfernen?',
  removeText: 'Wo es verwendet wurde, steht dann der Name.',
  removed: ':{{name}}: ist entfernt',
  none: 'Dieser Server hat noch keine eigenen Emoji.',
  taken: 'So heißt schon ein übliches Emoji.',
  who: 'Wer Emoji hinzufügen darf',
  admins: 'Administratoren',
  everybody: 'Alle',
};

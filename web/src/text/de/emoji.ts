// Texts of `emoji`.

export default {
  picker: 'Emoji',
  search: 'Emoji suchen',
  recent: 'Zuletzt verwendet',
  tone: 'Hautton ändern',
  none: 'Kein Emoji gefunden',
  hint: 'Emoji auswählen',
};

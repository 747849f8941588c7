// Texts of `emoji`.

export default {
  picker: 'Emoji',
  search: 'Search emoji',
  recent: 'Recently used',
  tone: 'Change skin tone',
  none: 'No emoji found',
  hint: 'Choose an emoji',
};

// Texts of `emojis`: custom emoji.

export default {
  title: 'Emoji',
  text: 'Pictures of your own that everybody on this server can use as :name:, in messages and as reactions.',
  custom: 'Of this server',
  name: 'Name',
  nameHint: 'Small letters, digits, - and _, without colons.',
  picture: 'Picture',
  pictureHint: 'Square and small: PNG, GIF, WebP or JPEG.',
  add: 'Add emoji',
  added: ':{{name}}: can be used now',
  removeTitle: 'Remove :{{name}}:?',
  removeText: 'Where it was used, its name is shown instead.',
  removed: ':{{name}}: is removed',
  none: 'There are no emoji of this server yet.',
  taken: 'This name is taken by a usual emoji.',
  who: 'Who may add emoji',
  admins: 'Administrators',
  everybody: 'Everybody',
};

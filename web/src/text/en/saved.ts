// Texts of `saved`: messages that one wants to find again.

export default {
  title: 'Saved',
  nothing: 'Nothing saved yet',
  nothingText: 'Choose “Save for later” in the menu of a message to find it here again. Nobody else sees this.',
  gone: 'You cannot see this message any more.',
  remove: 'Not saved any more',
  done: 'Saved. Only you see this.',
  removed: 'Not saved any more',
};

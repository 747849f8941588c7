// Emoji, for all features.

export { EmojiButton, type EmojiButtonProps } from './EmojiButton';
export { loadEmojiNames, useEmojiNames, useEmojiSearch } from './names';
export { recentEmoji, rememberEmoji, useHabits } from './recent';

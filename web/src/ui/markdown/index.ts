// Text of messages, for all features.

export type { Person, Surroundings } from './context';
export { messageLink } from './links';
export { loadMarkdown } from './parsing';
export { plainText } from './plain';
export { quoteOf } from './quoteText';
export { RichText, type RichTextProps } from './RichText';

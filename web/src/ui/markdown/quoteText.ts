// Writes a reply quote, which `quote.ts` reads. Apart from it, because writing needs no parser.

/** The beginning of a message that answers another one. */
export function quoteOf(conversationId: string, seq: number, name: string, excerpt: string): string {
  return `> [${escaped(name)}](/c/${conversationId}?at=${seq}): ${escaped(excerpt)}\n\n`;
}

/** So that what others wrote stays words in the quote. `@` is kept apart from its name: a quote calls nobody again. */
function escaped(text: string): string {
  return text.replace(/[\\`*_~[\]<>#|&]/gu, String.raw`\$&`).replace(/@(?=[A-Za-z0-9])/gu, '@\u2060');
}

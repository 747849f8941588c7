// Cuts a long text into pieces that are each read and drawn quickly, so that no message can hold up the page. Pieces end
// between paragraphs where that is possible, and at the end of a line otherwise; a fence that is cut goes on in the next.

/** What a collapsed message shows at most. */
const MOST_CHARACTERS = 6000;
const MOST_LINES = 40;
/** A button for a handful of lines would be silly. */
const GRACE = 8;
const FENCE = /^ {0,3}(`{3,}|~{3,})/u;

/** The beginning that a collapsed message shows: all of it, when it is not long. */
export function head(body: string): string {
  const limit = Math.min(body.length, MOST_CHARACTERS);
  let kept = limit;
  let end = 0;
  for (let line = 1; line <= MOST_LINES + GRACE; line++) {
    const next = body.indexOf('\n', end);
    if (next < 0 || next >= limit) return whole(body, limit);
    end = next + 1;
    if (line === MOST_LINES) kept = end;
  }
  return body.slice(0, kept);
}

/** The text in pieces, which joined are the text again (but for fences that are closed and opened anew). */
export function sections(body: string): readonly string[] {
  if (body.length <= MOST_CHARACTERS) return [body];
  const pieces: string[] = [];
  let piece = '';
  let fence: string | null = null;
  const close = () => {
    if (piece) pieces.push(fence ? `${piece}${fence.trim().replace(/[^`~].*$/u, '')}` : piece);
    piece = fence ? `${fence}\n` : '';
  };
  for (const line of shortLines(body)) {
    const roomy = piece.length + line.length <= MOST_CHARACTERS;
    const paragraphEnds = !fence && line.trim() === '' && piece.length > MOST_CHARACTERS / 2;
    if (!roomy || paragraphEnds) close();
    piece += line;
    const mark = FENCE.exec(line)?.[1];
    if (mark) fence = fenceAfter(fence, mark, line);
  }
  fence = null;
  close();
  return pieces;
}

/** The fence that is open after a line with a mark. */
function fenceAfter(open: string | null, mark: string, line: string): string | null {
  if (open === null) return line.trimEnd().slice(0, 60);
  const opening = FENCE.exec(open)?.[1] ?? '';
  const closes = mark[0] === opening[0] && mark.length >= opening.length && line.trim() === mark;
  return closes ? null : open;
}

/** Lines with their ends; those that are longer than a piece are cut. */
function* shortLines(body: string): Generator<string> {
  let start = 0;
  while (start < body.length) {
    const end = body.indexOf('\n', start);
    const stop = Math.min(end < 0 ? body.length : end + 1, start + MOST_CHARACTERS);
    const line = whole(body.slice(start, stop), stop - start);
    yield line;
    start += line.length;
  }
}

/** Up to `length`, without cutting a character that is made of two halves. */
function whole(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const cut = length < text.length || length === MOST_CHARACTERS;
  return text.slice(0, cut && last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

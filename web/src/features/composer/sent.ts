// When this browser last sent to a conversation, for the countdown of slow mode: the message itself may still be on its way.

const times = new Map<string, number>();

export function sentAt(conversationId: string): number {
  return times.get(conversationId) ?? 0;
}

export function noteSent(conversationId: string): number {
  const now = Date.now();
  times.set(conversationId, now);
  return now;
}

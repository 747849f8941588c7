// What a slash at the beginning of a message can be completed to: the client's own commands, and those of bots here.

import { useEffect, useMemo, useState } from 'react';
import { restOfText, useText } from '@/lib/text';
import type { SlashCommand } from '@/protocol.gen';
import { ranked } from './rank';
import { builtIn, commandsOf } from './slash';
import type { Trigger } from './trigger';
import type { Candidate } from './useCandidates';

const MOST = 10;
const none: readonly SlashCommand[] = [];

export function useCommands(conversationId: string, { query }: Trigger): readonly Candidate[] {
  const t = useText();
  const [found, setFound] = useState(none);
  useEffect(() => {
    let gone = false;
    restOfText().catch(() => undefined);
    const take = (commands: readonly SlashCommand[]) => gone || setFound(commands);
    // What was known is there at once, and what is new a moment later. Offline there are the client's own.
    commandsOf(conversationId).then(take, () => undefined);
    commandsOf(conversationId, true).then(take, () => undefined);
    return () => {
      gone = true;
    };
  }, [conversationId]);
  return useMemo(() => {
    const own = builtIn.map(({ name, usage, description }) => ({
      key: name,
      title: `/${name}`,
      detail: `${t(usage)} · ${t(description)}`,
      by: `/${name} `,
      names: [name],
    }));
    const names = new Set(builtIn.map(({ name }) => name));
    const others = found.map(({ name, usage, description, bot }) => {
      // The name alone means the first that has it.
      const first = !names.has(name);
      names.add(name);
      const whole = first ? name : `${name}@${bot.username}`;
      return {
        key: `${name}@${bot.username}`,
        title: `/${whole}`,
        detail: [usage, t('slash.by', { bot: bot.display_name, text: description })].filter(Boolean).join(' · '),
        by: `/${whole} `,
        names: first ? [name, `${name}@${bot.username}`] : [whole],
      };
    });
    return ranked([...own, ...others], query, MOST);
  }, [found, query, t]);
}

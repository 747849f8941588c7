// What a slash at the beginning of a message can be completed to: the client's own commands, and those of bots here.

import { useEffect, useMemo, useState } from 'react';
import { restOfText, useText } from '@/lib/text';
import type { SlashCommand } from '@/protocol.soon';
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
    // Offline there are the client's own.
    commandsOf(conversationId).then(
      (commands) => gone || setFound(commands),
      () => undefined,
    );
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
    const others = found
      .filter(({ name }) => !names.has(name))
      .map(({ name, usage, description, bot }) => ({
        key: name,
        title: `/${name}`,
        detail: [usage, t('slash.by', { bot: bot.display_name, text: description })].filter(Boolean).join(' · '),
        by: `/${name} `,
        names: [name],
      }));
    return ranked([...own, ...others], query, MOST);
  }, [found, query, t]);
}

// A conversation that one is not in: a public channel can be joined, of everything else no more is said than that it is
// not here.

import { Hash, SearchX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { errorText } from '@/lib/error';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { ConversationView } from '@/protocol.gen';
import { actions, api, type Refusal } from '@/sync';
import { Button, Empty, Loading, complain } from '@/ui';

export default function Absent({ conversationId }: { conversationId: string }) {
  const t = useText();
  const [found, setFound] = useState<ConversationView | Refusal | null>(null);

  useEffect(() => {
    const stop = new AbortController();
    api
      .get<ConversationView>(`/conversations/${conversationId}`, undefined, stop.signal)
      .then(setFound)
      .catch((refusal: Refusal) => {
        if (!stop.signal.aborted) setFound(refusal);
      });
    return () => stop.abort();
  }, [conversationId]);

  if (!found) return <Loading />;
  if ('public' in found && found.public) return <Preview channel={found} />;
  const offline = 'code' in found && found.code === 'offline';
  return (
    <Empty
      icon={<SearchX size="2em" />}
      title={t('timeline.notFound')}
      text={offline ? errorText(found) : t('timeline.notFoundText')}
    >
      <Link href={paths.home}>{t('timeline.home')}</Link>
    </Empty>
  );
}

function Preview({ channel }: { channel: ConversationView }) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const name = channel.name ?? '';
  const join = async () => {
    setBusy(true);
    try {
      await actions.join(channel.id);
    } catch (problem) {
      complain(problem);
    }
    setBusy(false);
  };
  return (
    <Empty icon={<Hash size="2em" />} title={name} text={channel.topic ?? t('timeline.preview', { name })}>
      <Button kind="primary" busy={busy} onClick={() => void join()}>
        {t('timeline.join')}
      </Button>
    </Empty>
  );
}

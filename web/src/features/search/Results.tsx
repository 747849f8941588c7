// What was found, page by page.

import { SearchX } from 'lucide-react';
import { useCallback } from 'react';
import { isRefused } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { useText } from '@/lib/text';
import type { Page } from '@/protocol.gen';
import { api } from '@/sync';
import { Empty, Live } from '@/ui';
import { Endless } from '@/ui/Endless';
import { Hit } from './Hit';
import type { SearchHit, SearchType } from './wire';

function keyOf(hit: SearchHit): string {
  switch (hit.type) {
    case 'message':
      return hit.message.id;
    case 'file':
      return `${hit.file.id} ${hit.message_id}`;
    case 'person':
      return hit.user.id;
    default:
      return hit.conversation.id;
  }
}

export function Results({ query, type }: { query: string; type: SearchType }) {
  const t = useText();
  const load = useCallback(
    (cursor: string | undefined, signal: AbortSignal): Promise<Page<SearchHit>> =>
      api.get('/search', { q: query, type, cursor, limit: 20 }, signal),
    [query, type],
  );
  const pages = usePages(load);
  const notUnderstood = (problem: unknown) =>
    isRefused(problem) && problem.code === 'invalid_field' ? t('search.notUnderstood') : null;
  return (
    <>
      <Endless
        pages={pages}
        label={t('search.title')}
        keyOf={keyOf}
        problemText={notUnderstood}
        empty={<Empty icon={<SearchX size="1.5rem" />} title={t('search.nothing')} text={t('search.nothingText')} />}
      >
        {(hit) => <Hit hit={hit} />}
      </Endless>
      <Live>{pages.items ? t('search.found', { count: pages.items.length }) : ''}</Live>
    </>
  );
}

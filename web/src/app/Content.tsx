// What the address leads to, beside the list.

import { SearchX } from 'lucide-react';
import { Route, Switch } from 'wouter';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { Button, Empty } from '@/ui';

export function Content() {
  return (
    <Switch>
      <Route>
        <Missing />
      </Route>
    </Switch>
  );
}

function Missing() {
  const t = useText();
  return (
    <Empty icon={<SearchX />} title={t('error.pageMissing')} text={t('error.pageMissingText')}>
      <Button onClick={() => go(paths.home)}>{t('error.goHome')}</Button>
    </Empty>
  );
}

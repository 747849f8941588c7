// The tokens of a person or a bot: a list, a form that makes one, and the new one's secret, which is shown this once.

import { KeyRound } from 'lucide-react';
import { useCallback, useState } from 'react';
import { errorText } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import { full, relative } from '@/lib/time';
import type { Page, Scope, Token } from '@/protocol.gen';
import { Button, confirm, Loading, toast } from '@/ui';
import { CopyField } from '@/ui/CopyField';
import { Actions, Notice, Rows, SettingRow } from '@/ui/Section';
import { api } from '@/sync';
import { scopeText } from './scopes';
import { TokenForm } from './TokenForm';

export function Tokens({ path, scopes }: { path: string; scopes: readonly Scope[] }) {
  const t = useText();
  const task = useTask();
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<Token | null>(null);
  const load = useCallback(
    (cursor: string | undefined, signal: AbortSignal) => api.get<Page<Token>>(path, { cursor }, signal),
    [path],
  );
  const { items, problem, change, more } = usePages(load);

  const revoke = async (token: Token) => {
    const sure = await confirm({
      title: t('settings.revokeTitle', { name: token.name }),
      text: t('settings.revokeText'),
      action: t('settings.revoke'),
      danger: true,
    });
    if (!sure || !(await task.run(() => api.delete(`${path}/${token.id}`)))) return;
    change((all) => all.filter((other) => other.id !== token.id));
    if (made?.id === token.id) setMade(null);
    toast(t('settings.tokenRevoked'));
  };

  return (
    <>
      {problem !== null && <Notice kind="problem">{errorText(problem)}</Notice>}
      {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
      {items === null && problem === null && <Loading />}
      {made?.secret && <CopyField label={t('settings.newToken')} value={made.secret} hint={t('settings.onceOnly')} />}
      {items && items.length > 0 && (
        <Rows>
          {items.map((token) => (
            <SettingRow
              key={token.id}
              icon={<KeyRound size="1.1em" />}
              title={<bdi>{token.name}</bdi>}
              text={
                <>
                  {token.scopes.map((scope) => t(scopeText[scope])).join(', ')}
                  <br />
                  {token.last_used_at
                    ? t('settings.lastUsed', { when: relative(token.last_used_at) })
                    : t('settings.neverUsed')}
                  {token.expires_at && ` · ${t('settings.expires', { when: full(token.expires_at) })}`}
                </>
              }
            >
              <Button small disabled={task.busy} onClick={() => void revoke(token)}>
                {t('settings.revoke')}
              </Button>
            </SettingRow>
          ))}
        </Rows>
      )}
      {more && <Button onClick={more}>{t('common.loadMore')}</Button>}
      {open ? (
        <TokenForm
          path={path}
          scopes={scopes}
          onCancel={() => setOpen(false)}
          onMade={(token) => {
            setOpen(false);
            setMade(token);
            change((all) => [...all, token]);
          }}
        />
      ) : (
        <Actions>
          <Button onClick={() => setOpen(true)}>{t('settings.makeToken')}</Button>
        </Actions>
      )}
    </>
  );
}

// Invitation links: the list of those that work, a small form that makes one, and the new link, which is shown this once.
// Whether they lead into a conversation or onto the server is for whoever uses it to say.

import { Link2 } from 'lucide-react';
import { useState, type ComponentType } from 'react';
import { errorText } from '@/lib/error';
import { usePages, type LoadPage } from '@/lib/pages';
import { paths } from '@/lib/paths';
import { useTask } from '@/lib/task';
import { useText, type Translate } from '@/lib/text';
import { full, relative } from '@/lib/time';
import type { Invitation, InvitationCreate } from '@/protocol.gen';
import { Button } from './Button';
import { Select } from './Choice';
import { CopyField } from './CopyField';
import { confirm } from './confirm';
import { Actions, Notice, Rows, SettingRow } from './Section';
import { Loading } from './Spinner';
import { toast } from './toast';

export interface InvitationsProps {
  load: LoadPage<Invitation>;
  make: (create: InvitationCreate) => Promise<Invitation>;
  revoke: (id: string) => Promise<void>;
  /** Shows somebody's name. */
  Who: ComponentType<{ userId: string }>;
}

export function Invitations({ load, make, revoke, Who }: InvitationsProps) {
  const t = useText();
  const { items, problem, change, more, reload } = usePages(load);
  const task = useTask();
  const [made, setMade] = useState<Invitation | null>(null);

  const drop = async (invitation: Invitation) => {
    const sure = await confirm({
      title: t('invitation.revokeTitle'),
      text: t('invitation.revokeText'),
      action: t('invitation.revoke'),
      danger: true,
    });
    if (!sure) return;
    const done = await task.run(() => revoke(invitation.id));
    if (!done) return;
    change((all) => all.filter((other) => other.id !== invitation.id));
    if (made?.id === invitation.id) setMade(null);
    toast(t('invitation.revoked'));
  };

  return (
    <>
      <MakeInvitation
        make={make}
        made={made}
        onMade={(invitation) => {
          setMade(invitation);
          change((all) => [invitation, ...all]);
        }}
      />
      {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
      {problem !== null && (
        <Notice kind="problem">
          {errorText(problem)}
          <Actions>
            <Button small onClick={reload}>
              {t('common.retry')}
            </Button>
          </Actions>
        </Notice>
      )}
      {items === null && problem === null && <Loading />}
      {items?.length === 0 && <Notice>{t('invitation.none')}</Notice>}
      {items && items.length > 0 && (
        <Rows>
          {items.map((invitation) => (
            <SettingRow
              key={invitation.id}
              icon={<Link2 size="1.1em" />}
              title={uses(invitation, t)}
              text={
                <>
                  {expiry(invitation, t)} · <Who userId={invitation.created_by} /> · {relative(invitation.created_at)}
                </>
              }
            >
              <Button small onClick={() => void drop(invitation)}>
                {t('invitation.revoke')}
              </Button>
            </SettingRow>
          ))}
        </Rows>
      )}
      {more && <Button onClick={more}>{t('common.loadMore')}</Button>}
    </>
  );
}

function uses({ uses, max_uses }: Invitation, t: Translate): string {
  if (max_uses === null || max_uses === undefined) {
    return uses === 0 ? t('invitation.notUsed') : t('invitation.used', { count: uses });
  }
  return t('invitation.usedOf', { count: max_uses, used: uses });
}

function expiry({ expires_at }: Invitation, t: Translate): string {
  if (!expires_at) return t('invitation.neverExpires');
  return t('invitation.expires', { when: full(expires_at) });
}

const DAY = 86_400;
/** In seconds. */
const lifetimes = ['3600', '86400', '604800', '2592000', 'never'] as const;
const limits = ['1', '5', '10', '50', 'none'] as const;

interface MakeInvitationProps {
  make: InvitationsProps['make'];
  /** The one that was made last, as long as it works. */
  made: Invitation | null;
  onMade: (invitation: Invitation) => void;
}

function MakeInvitation({ make, made, onMade }: MakeInvitationProps) {
  const t = useText();
  const task = useTask();
  const [life, setLife] = useState<(typeof lifetimes)[number]>('604800');
  const [limit, setLimit] = useState<(typeof limits)[number]>('none');

  const create = () =>
    task.run(async () => {
      const invitation = await make({
        expires_in: life === 'never' ? null : Number(life),
        max_uses: limit === 'none' ? null : Number(limit),
      });
      onMade(invitation);
    });

  return (
    <>
      <div>
        <Select
          label={t('invitation.life')}
          value={life}
          onChange={setLife}
          options={lifetimes.map((value) => ({ value, label: lifetime(value, t) }))}
        />
        <Select
          label={t('invitation.limit')}
          value={limit}
          onChange={setLimit}
          options={limits.map((value) => ({
            value,
            label: value === 'none' ? t('invitation.noLimit') : t('invitation.times', { count: Number(value) }),
          }))}
        />
      </div>
      <Actions>
        <Button kind="primary" busy={task.busy} onClick={() => void create()}>
          {t('invitation.make')}
        </Button>
      </Actions>
      {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
      {made?.code && (
        <CopyField
          label={t('invitation.link')}
          value={location.origin + paths.join(made.code)}
          hint={t('invitation.once')}
        />
      )}
    </>
  );
}

function lifetime(value: (typeof lifetimes)[number], t: Translate): string {
  if (value === 'never') return t('invitation.never');
  const seconds = Number(value);
  return seconds < DAY
    ? t('invitation.hours', { count: seconds / 3600 })
    : t('invitation.days', { count: seconds / DAY });
}

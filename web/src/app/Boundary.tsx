// Where a part of the page fails, it says so and offers a way out; the rest goes on.

import { Component, Suspense, type ReactNode } from 'react';
import { CircleAlert } from 'lucide-react';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { Button, Empty, Loading } from '@/ui';

interface BoundaryProps {
  /** When it changes, what failed is tried again: somebody has gone elsewhere. */
  at: string;
  children: ReactNode;
  /** While code is being loaded. */
  waiting?: ReactNode;
}

export class Boundary extends Component<BoundaryProps, { failedAt: string | null }> {
  override state: { failedAt: string | null } = { failedAt: null };

  static getDerivedStateFromProps(props: BoundaryProps, state: { failedAt: string | null }) {
    return state.failedAt !== null && state.failedAt !== '' && state.failedAt !== props.at ? { failedAt: null } : null;
  }

  static getDerivedStateFromError() {
    return { failedAt: '' };
  }

  override componentDidCatch() {
    this.setState({ failedAt: this.props.at });
  }

  override render() {
    if (this.state.failedAt !== null) return <Failed />;
    return <Suspense fallback={this.props.waiting ?? <Loading />}>{this.props.children}</Suspense>;
  }
}

function Failed() {
  const t = useText();
  return (
    <Empty icon={<CircleAlert />} title={t('common.brokenTitle')} text={t('common.brokenText')}>
      <Button kind="primary" onClick={() => location.reload()}>
        {t('common.reload')}
      </Button>
      <Button onClick={() => go(paths.home)}>{t('common.goHome')}</Button>
    </Empty>
  );
}

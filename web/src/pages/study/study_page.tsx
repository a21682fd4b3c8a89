import { useEffect, useState } from 'preact/hooks';
import { get } from '../../api/client';
import { ProblemNotice } from '../../components/notice';
import { Skeleton } from '../../components/skeleton';
import { useFollow } from '../../hooks/use_follow';
import { useLoad } from '../../hooks/use_load';
import { useTitle } from '../../hooks/use_route';
import { useStore, useTake } from '../../hooks/use_store';
import { CodeCard } from './code_card';
import { DefinitionCard } from './definition_card';
import { FigureCard } from './figure_card';
import { Gallery } from './gallery';
import { HistoryCard } from './history_card';
import { JobsCard } from './jobs_card';
import { PointsTable } from './points_table';
import { StageList } from './stage_list';
import { StudyHead } from './study_head';

/** `id` is an id or a name (then: the latest study of that name). */
export function StudyPage({ id }: { id: string }) {
  const take = useTake();
  const [seen, setSeen] = useState(0);
  const loaded = useLoad(`study/${id}`, String(seen), async (signal) => {
    const detail = await take(get('/api/v1/studies/{study}', { study: id }, signal), (answer) => ({
      type: 'studies',
      items: [answer],
    }));
    return detail;
  });
  const detail = loaded.value;
  const live = useStore((state) => (detail ? state.studies[detail.id] : undefined));
  useFollow(detail?.id);
  // The study was extended, here or elsewhere: its definition and ratios are others now.
  const revision = live?.revision ?? 0;
  useEffect(() => {
    if (detail && revision > detail.revision) setSeen(revision);
  }, [detail, revision]);
  useTitle(detail ? detail.title || detail.name : 'Study');

  if (!detail) {
    if (loaded.problem) return <ProblemNotice problem={loaded.problem} retry={loaded.reload} />;
    return <Skeleton label="Loading the study" lines={6} />;
  }
  const study = live ?? detail;
  // Failed jobs come before everything that waits for them.
  const troubled = study.jobs.failed > 0;
  const jobs = <JobsCard key="jobs" study={study} />;
  return (
    <>
      <StudyHead study={study} />
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      <StageList study={study} />
      {troubled && jobs}
      {study.points.total > 0 && (
        <FigureCard key={`figure/${detail.revision}`} study={study.id} ratios={detail.ratios} />
      )}
      <CodeCard study={study.id} done={study.points.done} />
      <Gallery study={study} />
      {!troubled && jobs}
      {study.points.total > 0 && <PointsTable key={`points/${detail.revision}`} study={study.id} />}
      {detail.definition && <DefinitionCard detail={detail} />}
      <HistoryCard study={study.id} revision={study.revision} />
    </>
  );
}

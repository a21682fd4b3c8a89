/** Short names for the wire types, all generated from schemas/openapi.yaml. Nothing here is written by hand. */
import type { components } from './types.gen';

type Schemas = components['schemas'];

export type Study = Schemas['Study'];
export type StudyDetail = Schemas['StudyDetail'];
export type StudyDiff = Schemas['StudyDiff'];
export type Revision = Schemas['Revision'];
export type JobCounts = Schemas['JobCounts'];
export type Stage = Schemas['Stage'];
export type Forecast = Schemas['Forecast'];
export type Point = Schemas['Point'];
export type Figure = Schemas['Figure'];
export type FigurePoint = Schemas['FigurePoint'];
export type Job = Schemas['Job'];
export type JobDetail = Schemas['JobDetail'];
export type Attempt = Schemas['Attempt'];
export type JobError = Schemas['JobError'];
export type JobState = Schemas['JobState'];
export type Artifact = Schemas['Artifact'];
export type LogLine = Schemas['LogLine'];
export type Curves = Schemas['Curves']['series'];
export type Timeline = Schemas['Timeline'];
export type Worker = Schemas['Worker'];
export type Why = Schemas['Why'];
export type QueryResult = Schemas['QueryResult'];
export type Problem = Schemas['Problem'];
export type LiveEvent = Schemas['Event'];

-- How far each stage of a study is, is counted by who writes jobs and links (coordinator/store/stage_rows.hpp): a trigger a row cost
-- as much as the row itself. What leaves a study is still counted by study_jobs_uncount.
DROP TRIGGER study_jobs_count;
DROP TRIGGER jobs_state_count;

-- The worker appends; the analyst reads all anyway, the auditor too.
GRANT INSERT ON tidegate.exposure TO tidegate_writer;
GRANT SELECT ON tidegate.exposure TO tidegate_auditor;
GRANT SELECT ON tidegate.v_exposure TO tidegate_auditor;

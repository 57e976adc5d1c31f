-- Who may do what. Nobody may alter, delete or drop but who runs these files.
CREATE ROLE IF NOT EXISTS tidegate_writer;
CREATE ROLE IF NOT EXISTS tidegate_analyst;
CREATE ROLE IF NOT EXISTS tidegate_auditor;

-- The worker appends, and reads back only what it needs to go on.
GRANT SHOW TABLES, SHOW COLUMNS ON tidegate.* TO tidegate_writer;
GRANT INSERT ON tidegate.records TO tidegate_writer;
GRANT INSERT ON tidegate.scores TO tidegate_writer;
GRANT INSERT ON tidegate.sketches TO tidegate_writer;
GRANT INSERT ON tidegate.alerts TO tidegate_writer;
GRANT INSERT ON tidegate.incidents TO tidegate_writer;
GRANT INSERT ON tidegate.evidence TO tidegate_writer;
GRANT INSERT ON tidegate.coverage TO tidegate_writer;
GRANT INSERT ON tidegate.ledger TO tidegate_writer;
GRANT INSERT ON tidegate.signals TO tidegate_writer;
GRANT SELECT, INSERT ON tidegate.calibrations TO tidegate_writer;
GRANT SELECT, INSERT ON tidegate.audit TO tidegate_writer;
GRANT SELECT ON tidegate.exceptions TO tidegate_writer;
GRANT SELECT ON tidegate.schema_version TO tidegate_writer;

-- The analyst reads all, judges alerts, and makes exceptions.
GRANT SHOW TABLES, SHOW COLUMNS, SELECT ON tidegate.* TO tidegate_analyst;
GRANT INSERT ON tidegate.alerts TO tidegate_analyst;
GRANT INSERT ON tidegate.incidents TO tidegate_analyst;
GRANT INSERT ON tidegate.triage TO tidegate_analyst;
GRANT INSERT ON tidegate.exceptions TO tidegate_analyst;
GRANT INSERT ON tidegate.audit TO tidegate_analyst;

-- The auditor sees what was watched, promised, found, judged and changed, and no traffic.
GRANT SHOW TABLES, SHOW COLUMNS ON tidegate.* TO tidegate_auditor;
GRANT SELECT ON tidegate.alerts TO tidegate_auditor;
GRANT SELECT ON tidegate.incidents TO tidegate_auditor;
GRANT SELECT ON tidegate.triage TO tidegate_auditor;
GRANT SELECT ON tidegate.exceptions TO tidegate_auditor;
GRANT SELECT ON tidegate.coverage TO tidegate_auditor;
GRANT SELECT ON tidegate.ledger TO tidegate_auditor;
GRANT SELECT ON tidegate.audit TO tidegate_auditor;
GRANT SELECT ON tidegate.schema_version TO tidegate_auditor;
GRANT SELECT ON tidegate.v_open_alerts TO tidegate_auditor;
GRANT SELECT ON tidegate.v_alert_timeline TO tidegate_auditor;
GRANT SELECT ON tidegate.v_budget_audit TO tidegate_auditor;
GRANT SELECT ON tidegate.v_coverage TO tidegate_auditor;
GRANT SELECT ON tidegate.v_campaign TO tidegate_auditor;

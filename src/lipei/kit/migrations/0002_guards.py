"""The journal and the ledger are append-only: the database itself refuses anything else."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION kit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION kit_entry_proves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(NEW.actor, '') = '' THEN
    RAISE EXCEPTION 'an entry needs an actor' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.hash <> encode(sha256(convert_to(NEW.line, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'the hash is not that of the line' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION kit_chain_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.subject <> OLD.subject OR NEW.number < OLD.number THEN
    RAISE EXCEPTION 'a chain only grows' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER kit_entry_proves BEFORE INSERT ON kit_entry
  FOR EACH ROW EXECUTE FUNCTION kit_entry_proves();
CREATE TRIGGER kit_entry_append_only BEFORE UPDATE OR DELETE ON kit_entry
  FOR EACH ROW EXECUTE FUNCTION kit_append_only();
CREATE TRIGGER kit_entry_no_truncate BEFORE TRUNCATE ON kit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION kit_append_only();
CREATE TRIGGER kit_chain_grows BEFORE UPDATE ON kit_chain
  FOR EACH ROW EXECUTE FUNCTION kit_chain_grows();
CREATE TRIGGER kit_chain_stays BEFORE DELETE ON kit_chain
  FOR EACH ROW EXECUTE FUNCTION kit_append_only();
CREATE TRIGGER kit_chain_no_truncate BEFORE TRUNCATE ON kit_chain
  FOR EACH STATEMENT EXECUTE FUNCTION kit_append_only();
CREATE TRIGGER kit_transfer_append_only BEFORE UPDATE OR DELETE ON kit_transfer
  FOR EACH ROW EXECUTE FUNCTION kit_append_only();
CREATE TRIGGER kit_transfer_no_truncate BEFORE TRUNCATE ON kit_transfer
  FOR EACH STATEMENT EXECUTE FUNCTION kit_append_only();
"""

UNDO = """
DROP TRIGGER kit_transfer_no_truncate ON kit_transfer;
DROP TRIGGER kit_transfer_append_only ON kit_transfer;
DROP TRIGGER kit_chain_no_truncate ON kit_chain;
DROP TRIGGER kit_chain_stays ON kit_chain;
DROP TRIGGER kit_chain_grows ON kit_chain;
DROP TRIGGER kit_entry_no_truncate ON kit_entry;
DROP TRIGGER kit_entry_append_only ON kit_entry;
DROP TRIGGER kit_entry_proves ON kit_entry;
DROP FUNCTION kit_chain_grows();
DROP FUNCTION kit_entry_proves();
DROP FUNCTION kit_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, UNDO)]

# SPDX-License-Identifier: Apache-2.0
"""check_schema.py SCHEMA DOCUMENT -- 0 if the document has the schema's form, 77 if unknown."""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: needs python3-jsonschema")
    sys.exit(77)

schema, document = (json.load(open(path)) for path in sys.argv[1:3])
jsonschema.Draft7Validator.check_schema(schema)
errors = list(jsonschema.Draft7Validator(schema).iter_errors(document))
for e in errors:
    print("/".join(map(str, e.absolute_path)) + ":", e.message)
sys.exit(1 if errors else 0)

"""What ClickHouse's error codes mean for a batch: send it again, or look for the row that is at fault.

The rule.  A row can be at fault only in ways that the parser and the type checker have names for; that list is closed and stands below. Everything
else, known or not, is the state of a server, and a batch that meets it waits. The other way round, an outage with a new code would
send every good row to quarantine.

Messages are ours: code, name and place. ClickHouse's own text quotes the data it could not parse, so none of it is kept for
inserts.

Source of truth: src/Common/ErrorCodes.cpp of ClickHouse.
"""

from __future__ import annotations

from gateway.errors import StoreError, StoreRejected, StoreUnavailable

# The rows or the statement: the same bytes would be refused again.
REJECTED = {
    6: "CANNOT_PARSE_TEXT",
    7: "INCORRECT_NUMBER_OF_COLUMNS",
    8: "THERE_IS_NO_COLUMN",
    10: "NOT_FOUND_COLUMN_IN_BLOCK",
    16: "NO_SUCH_COLUMN_IN_TABLE",
    20: "NUMBER_OF_COLUMNS_DOESNT_MATCH",
    25: "CANNOT_PARSE_ESCAPE_SEQUENCE",
    26: "CANNOT_PARSE_QUOTED_STRING",
    27: "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
    32: "ATTEMPT_TO_READ_AFTER_EOF",  # a line that ends too early; if it was the connection instead, its halves go in
    33: "CANNOT_READ_ALL_DATA",  # the same
    38: "CANNOT_PARSE_DATE",
    41: "CANNOT_PARSE_DATETIME",
    42: "NUMBER_OF_ARGUMENTS_DOESNT_MATCH",
    43: "ILLEGAL_TYPE_OF_ARGUMENT",
    44: "ILLEGAL_COLUMN",
    46: "UNKNOWN_FUNCTION",
    47: "UNKNOWN_IDENTIFIER",
    50: "UNKNOWN_TYPE",
    53: "TYPE_MISMATCH",
    62: "SYNTAX_ERROR",
    69: "ARGUMENT_OUT_OF_BOUND",
    70: "CANNOT_CONVERT_TYPE",
    72: "CANNOT_PARSE_NUMBER",
    73: "UNKNOWN_FORMAT",
    117: "INCORRECT_DATA",
    128: "TOO_LARGE_ARRAY_SIZE",
    130: "CANNOT_READ_ARRAY_FROM_TEXT",
    131: "TOO_LARGE_STRING_SIZE",
    158: "TOO_MANY_ROWS",  # a reader's limits: the same question is too large again
    190: "SIZES_OF_ARRAYS_DONT_MATCH",
    321: "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
    349: "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
    376: "CANNOT_PARSE_UUID",
    396: "TOO_MANY_ROWS_OR_BYTES",
    407: "DECIMAL_OVERFLOW",
    441: "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING",
    452: "SETTING_CONSTRAINT_VIOLATION",
    456: "UNKNOWN_QUERY_PARAMETER",
    457: "BAD_QUERY_PARAMETER",
    467: "CANNOT_PARSE_BOOL",
}

# The server, for the time being. Codes that stand in neither table are treated like these; naming them makes the message readable.
UNAVAILABLE = {
    3: "UNEXPECTED_END_OF_FILE",
    60: "UNKNOWN_TABLE",  # the migration has not run yet, or runs on another replica
    81: "UNKNOWN_DATABASE",  # the same
    76: "CANNOT_OPEN_FILE",
    159: "TIMEOUT_EXCEEDED",
    164: "READONLY",  # the user or the server is switched to reading: an operator's doing, undone the same way
    173: "CANNOT_ALLOCATE_MEMORY",
    192: "UNKNOWN_USER",
    193: "WRONG_PASSWORD",
    194: "REQUIRED_PASSWORD",
    195: "IP_ADDRESS_NOT_ALLOWED",
    198: "DNS_ERROR",
    201: "QUOTA_EXCEEDED",
    202: "TOO_MANY_SIMULTANEOUS_QUERIES",
    203: "NO_FREE_CONNECTION",
    209: "SOCKET_TIMEOUT",
    210: "NETWORK_ERROR",
    225: "NO_ZOOKEEPER",
    236: "ABORTED",
    241: "MEMORY_LIMIT_EXCEEDED",
    242: "TABLE_IS_READ_ONLY",  # a replica that lost its keeper
    243: "NOT_ENOUGH_SPACE",
    244: "UNEXPECTED_ZOOKEEPER_ERROR",
    252: "TOO_MANY_PARTS",  # merges are behind: fewer, larger batches
    254: "NO_ACTIVE_REPLICAS",
    279: "ALL_CONNECTION_TRIES_FAILED",  # no shard answered a Distributed table
    285: "TOO_FEW_LIVE_REPLICAS",
    286: "UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE",
    289: "REPLICA_IS_NOT_IN_QUORUM",
    319: "UNKNOWN_STATUS_OF_INSERT",  # it may be in: the same token makes the repetition harmless
    373: "SESSION_IS_LOCKED",
    394: "QUERY_WAS_CANCELLED",
    425: "SYSTEM_ERROR",
    439: "CANNOT_SCHEDULE_TASK",
    473: "DEADLOCK_AVOIDED",
    497: "ACCESS_DENIED",  # a right is missing: no row's fault, and it can be granted
    516: "AUTHENTICATION_FAILED",  # hold and alert; the caller's back-off keeps it from hammering
    517: "CANNOT_ASSIGN_ALTER",
    700: "USER_SESSION_LIMIT_EXCEEDED",
    701: "CLUSTER_DOESNT_EXIST",
    745: "SERVER_OVERLOADED",
    999: "KEEPER_EXCEPTION",
}


def failure(code: int, what: str) -> StoreError:
    """The error for an answer with ClickHouse's `code`. what: what was asked of whom, without secrets and without row contents."""
    if code in REJECTED:
        return StoreRejected(f"{what}: refused, code {code} {REJECTED[code]}", code)
    return StoreUnavailable(f"{what}: not now, code {code} {UNAVAILABLE.get(code, '(not known as the fault of a row)')}", code)

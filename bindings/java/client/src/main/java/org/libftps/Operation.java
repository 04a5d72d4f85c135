package org.libftps;

/** Commands that are answered by a reply alone; their order is that of {@code operations.rs}. */
enum Operation {
  SIZE,
  MODIFIED,
  ENTRY,
  DELETE,
  RENAME,
  MAKE_DIRECTORY,
  REMOVE_DIRECTORY,
  CHANGE_DIRECTORY,
  CHANGE_TO_PARENT,
  CURRENT_DIRECTORY,
  NOOP,
  SYSTEM,
  STATUS,
  SET_TYPE,
  RAW_COMMAND,
  KEEP_ALIVE,
  CLEAR_COMMAND_CHANNEL,
  SET_MODIFICATION_TIME,
  SET_PERMISSIONS,
  SET_UMASK,
  SET_MLST_FACTS,
  HASH_ALGORITHMS,
  HASH,
  VERIFY,
  DELETE_TREE
}

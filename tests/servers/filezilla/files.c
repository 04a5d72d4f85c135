/* Paths and listings. */
#include "session.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Appends the parts of `from` to the absolute, normalised `path`. */
static bool append_parts(char path[PATH_MAX], const char *from) {
  while (*from != 0) {
    size_t length = strcspn(from, "/");
    size_t end = strcmp(path, "/") == 0 ? 0 : strlen(path);
    if (length == 2 && memcmp(from, "..", 2) == 0) {
      char *slash = strrchr(path, '/');
      slash[slash == path ? 1 : 0] = 0;
    } else if (length > 0 && !(length == 1 && *from == '.')) {
      if (end + length + 2 > PATH_MAX)
        return false;
      path[end] = '/';
      memcpy(path + end + 1, from, length);
      path[end + 1 + length] = 0;
    }
    from += length + (from[length] == '/');
  }
  return true;
}

bool path_resolve(const struct session *session, const char *argument, char path[PATH_MAX]) {
  strcpy(path, argument[0] == '/' ? "/" : session->directory);
  return append_parts(path, argument);
}

bool path_on_disk(const struct session *session, const char *path, char disk[PATH_MAX]) {
  int length = snprintf(disk, PATH_MAX, "%s%s", session->options->root, path);
  return length > 0 && length < PATH_MAX;
}

static void format_modified(const struct stat *status, char *text, size_t size) {
  struct tm time;
  gmtime_r(&status->st_mtime, &time);
  strftime(text, size, "%Y%m%d%H%M%S", &time);
}

bool format_time(const char *disk, char *text, size_t size) {
  struct stat status;
  if (stat(disk, &status) != 0)
    return false;
  format_modified(&status, text, size);
  return true;
}

bool format_facts(const char *disk, char *facts, size_t size) {
  struct stat status;
  char time[32];
  if (stat(disk, &status) != 0)
    return false;
  format_modified(&status, time, sizeof time);
  if (S_ISDIR(status.st_mode))
    snprintf(facts, size, "type=dir;modify=%s;perm=cdeflmp; ", time);
  else
    snprintf(facts, size, "type=file;size=%lld;modify=%s;perm=adfrw; ", (long long)status.st_size, time);
  return true;
}

static void write_long(FILE *out, const char *disk, const char *name) {
  struct stat status;
  if (stat(disk, &status) != 0)
    return;
  struct tm time_of_file;
  char when[32];
  gmtime_r(&status.st_mtime, &time_of_file);
  bool recent = status.st_mtime > time(NULL) - 180 * 24 * 3600;
  strftime(when, sizeof when, recent ? "%b %d %H:%M" : "%b %d  %Y", &time_of_file);
  fprintf(out, "%s 1 ftp ftp %15lld %s %s\r\n", S_ISDIR(status.st_mode) ? "drwxrwxrwx" : "-rw-rw-rw-",
          S_ISDIR(status.st_mode) ? 0LL : (long long)status.st_size, when, name);
}

static void write_entry(FILE *out, const char *disk, const char *name, enum listing kind) {
  char facts[256];
  switch (kind) {
  case LISTING_LONG:
    write_long(out, disk, name);
    break;
  case LISTING_NAMES:
    fprintf(out, "%s\r\n", name);
    break;
  case LISTING_FACTS:
    if (format_facts(disk, facts, sizeof facts))
      fprintf(out, "%s%s\r\n", facts, name);
    break;
  }
}

static void write_directory(FILE *out, DIR *directory, const char *disk, enum listing kind) {
  struct dirent *entry;
  while ((entry = readdir(directory)) != NULL) {
    char *path;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    if (asprintf(&path, "%s/%s", disk, entry->d_name) < 0)
      return;
    write_entry(out, path, entry->d_name, kind);
    free(path);
  }
}

char *list_path(const char *disk, enum listing kind, size_t *length) {
  struct stat status;
  char *text = NULL;
  if (stat(disk, &status) != 0)
    return NULL;
  DIR *directory = opendir(disk);
  /* MLSD is for directories only (RFC 3659, section 7.1). */
  if (directory == NULL && (S_ISDIR(status.st_mode) || kind == LISTING_FACTS))
    return NULL;
  FILE *out = open_memstream(&text, length);
  if (out != NULL && directory != NULL)
    write_directory(out, directory, disk, kind);
  else if (out != NULL)
    write_entry(out, disk, basename(disk), kind);
  if (directory != NULL)
    closedir(directory);
  if (out != NULL)
    fclose(out);
  return text;
}

/* The commands, with FileZilla Server's replies. */
#include "session.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a command's argument leads; replies and returns false where it cannot lead anywhere. */
static bool locate(struct session *session, const char *argument, char path[PATH_MAX], char disk[PATH_MAX]) {
  if (path_resolve(session, argument, path) && path_on_disk(session, path, disk))
    return true;
  reply(session, "550 Invalid file name or path");
  return false;
}

static const char *why(void) {
  switch (errno) {
  case EACCES:
  case EPERM:
    return "Permission denied";
  case ENOENT:
  case EISDIR:
    return "Couldn't open the file";
  case ENOTDIR:
    return "Couldn't open the directory";
  case ENOSPC:
    return "No space left";
  default:
    return "Couldn't open the file or directory";
  }
}

static void do_auth(struct session *session, char *argument) {
  if (strcasecmp(argument, "TLS") != 0 && strcasecmp(argument, "SSL") != 0) {
    reply(session, "504 Auth type not supported.");
  } else if (session->ssl != NULL) {
    reply(session, "534 Authentication type already set to TLS");
  } else if (session->input_length > 0) {
    /* Clear text behind AUTH could be an attacker's. */
    reply(session, "503 Spurious data after AUTH command.");
    session->ended = true;
  } else {
    reply(session, "234 Using authentication type TLS.");
    session->ended = session->ended || !tls_accept_control(session);
  }
}

static void do_user(struct session *session, char *argument) {
  if (session->ssl == NULL) {
    reply(session, "503 Use AUTH first.");
    return;
  }
  if (session->logged_in) {
    reply(session, "503 Already logged in. QUIT first.");
    return;
  }
  session->user_given = true;
  session->user_known = strcmp(argument, session->options->user) == 0;
  reply(session, "331 Please, specify the password.");
}

static void do_pass(struct session *session, char *argument) {
  if (!session->user_given) {
    reply(session, "503 Login with USER first.");
    return;
  }
  session->logged_in = session->user_known && strcmp(argument, session->options->password) == 0;
  session->user_given = false;
  reply(session, session->logged_in ? "230 Login successful." : "530 Login incorrect.");
}

static void do_pbsz(struct session *session, char *argument) {
  (void)argument;
  reply(session, "200 PBSZ=0");
}

static void do_prot(struct session *session, char *argument) {
  if (strcasecmp(argument, "P") == 0) {
    session->protected_data = true;
    reply(session, "200 Protection level set to P");
  } else if (strcasecmp(argument, "C") == 0) {
    reply(session, "534 Protection level C not allowed");
  } else {
    reply(session, "504 Unknown protection level");
  }
}

static void do_feat(struct session *session, char *argument) {
  (void)argument;
  static const char features[] = "211-Features:\r\n MDTM\r\n REST STREAM\r\n SIZE\r\n"
                                 " MLST type*;size*;modify*;perm*;\r\n MLSD\r\n AUTH SSL\r\n AUTH TLS\r\n"
                                 " PROT\r\n PBSZ\r\n UTF8\r\n TVFS\r\n EPSV\r\n211 End\r\n";
  reply_text(session, features, sizeof features - 1);
}

static void do_opts(struct session *session, char *argument) {
  if (strcasecmp(argument, "UTF8 ON") == 0)
    reply(session, "202 UTF8 mode is always enabled. No need to send this command");
  else if (strncasecmp(argument, "MLST", 4) == 0)
    reply(session, "200 MLST OPTS type;size;modify;perm;");
  else
    reply(session, "501 Option not understood");
}

static void do_syst(struct session *session, char *argument) {
  (void)argument;
  reply(session, "215 UNIX emulated by FileZilla.");
}

static void do_noop(struct session *session, char *argument) {
  (void)argument;
  reply(session, "200 Noop ok.");
}

static void do_quit(struct session *session, char *argument) {
  (void)argument;
  reply(session, "221 Goodbye.");
  session->ended = true;
}

static void do_type(struct session *session, char *argument) {
  char type = (char)toupper((unsigned char)argument[0]);
  if (type == 'A' || type == 'I')
    reply(session, "200 Type set to %c", type);
  else
    reply(session, "501 Unsupported type. Supported types are I, I N, A, A N and L 8.");
}

/* A path inside a reply, with its quotes doubled (RFC 959, appendix II). */
static void quote(const char *path, char quoted[2 * PATH_MAX]) {
  for (; *path != 0; path++) {
    if (*path == '"')
      *quoted++ = '"';
    *quoted++ = *path;
  }
  *quoted = 0;
}

static void do_pwd(struct session *session, char *argument) {
  (void)argument;
  char quoted[2 * PATH_MAX];
  quote(session->directory, quoted);
  reply(session, "257 \"%s\" is current directory.", quoted);
}

static void do_cwd(struct session *session, char *argument) {
  char path[PATH_MAX], disk[PATH_MAX];
  struct stat status;
  if (!locate(session, argument, path, disk))
    return;
  if (stat(disk, &status) != 0 || !S_ISDIR(status.st_mode)) {
    reply(session, "550 Couldn't open the directory");
    return;
  }
  strcpy(session->directory, path);
  reply(session, "250 CWD command successful");
}

static void do_cdup(struct session *session, char *argument) {
  (void)argument;
  do_cwd(session, "..");
}

/* The ticket goes out before the reply: a client that reads the reply has it. */
static bool open_passive(struct session *session, unsigned short *port) {
  if (!tls_issue_ticket(session)) {
    session->ended = true;
    return false;
  }
  if (data_listen(session, port))
    return true;
  reply(session, "425 Cannot prepare for data connection.");
  return false;
}

static void do_epsv(struct session *session, char *argument) {
  unsigned short port;
  if (strcasecmp(argument, "ALL") == 0)
    reply(session, "200 EPSV ALL command successful.");
  else if (open_passive(session, &port))
    reply(session, "229 Entering Extended Passive Mode (|||%u|)", port);
}

static void do_pasv(struct session *session, char *argument) {
  (void)argument;
  struct sockaddr_in local;
  socklen_t size = sizeof local;
  unsigned short port;
  if (getsockname(session->control, (struct sockaddr *)&local, &size) != 0 || local.sin_family != AF_INET) {
    reply(session, "500 You are connected using IPv6. PASV is only for IPv4. You have to use the EPSV command instead.");
  } else if (open_passive(session, &port)) {
    unsigned long address = ntohl(local.sin_addr.s_addr);
    reply(session, "227 Entering Passive Mode (%lu,%lu,%lu,%lu,%u,%u)", address >> 24, address >> 16 & 255,
          address >> 8 & 255, address & 255, port / 256U, port % 256U);
  }
}

static void do_rest(struct session *session, char *argument) {
  char *end;
  errno = 0;
  long long position = strtoll(argument, &end, 10);
  if (errno != 0 || end == argument || *end != 0 || position < 0) {
    reply(session, "501 Invalid size");
    return;
  }
  session->restart = position;
  reply(session, "350 Restarting at %lld", position);
}

static void list(struct session *session, char *argument, enum listing kind) {
  char path[PATH_MAX], disk[PATH_MAX];
  /* "LIST -a" and its like: the original lists a directory of that name; clients mean the option. */
  if (argument[0] == '-')
    argument = "";
  if (!locate(session, argument, path, disk))
    return;
  size_t length;
  char *text = list_path(disk, kind, &length);
  if (text == NULL)
    reply(session, kind == LISTING_FACTS ? "501 %s" : "550 %s", why());
  else
    data_send(session, text, length, -1);
  free(text);
}

static void do_list(struct session *session, char *argument) { list(session, argument, LISTING_LONG); }
static void do_nlst(struct session *session, char *argument) { list(session, argument, LISTING_NAMES); }
static void do_mlsd(struct session *session, char *argument) { list(session, argument, LISTING_FACTS); }

static void do_mlst(struct session *session, char *argument) {
  char path[PATH_MAX], disk[PATH_MAX], facts[256];
  if (!locate(session, argument, path, disk))
    return;
  if (!format_facts(disk, facts, sizeof facts)) {
    reply(session, "550 %s", why());
    return;
  }
  reply(session, "250-Listing %s", argument);
  reply(session, " %s%s", facts, path);
  reply(session, "250 End");
}

static void do_size(struct session *session, char *argument) {
  char path[PATH_MAX], disk[PATH_MAX];
  struct stat status;
  if (!locate(session, argument, path, disk))
    return;
  if (stat(disk, &status) == 0 && S_ISREG(status.st_mode))
    reply(session, "213 %lld", (long long)status.st_size);
  else
    reply(session, "550 Couldn't open the file");
}

static void do_mdtm(struct session *session, char *argument) {
  char path[PATH_MAX], disk[PATH_MAX], time[32];
  if (!locate(session, argument, path, disk))
    return;
  if (format_time(disk, time, sizeof time))
    reply(session, "213 %s", time);
  else
    reply(session, "550 %s", why());
}

/* Opens the file of a transfer at the position of REST. */
static int open_file(struct session *session, char *argument, int flags) {
  char path[PATH_MAX], disk[PATH_MAX];
  off_t position = session->restart;
  session->restart = 0;
  if (!locate(session, argument, path, disk))
    return -1;
  int file = open(disk, flags | O_CLOEXEC, 0666);
  struct stat status;
  if (file >= 0 && fstat(file, &status) == 0 && !S_ISREG(status.st_mode)) {
    close(file);
    file = -1;
    errno = EISDIR;
  }
  if (file < 0) {
    reply(session, "550 %s", why());
    return -1;
  }
  bool writes = (flags & O_ACCMODE) != O_RDONLY, appends = (flags & O_APPEND) != 0;
  /* STOR overwrites from REST on and cuts what was behind; so a refused one has already cut the file. */
  if ((writes && !appends && ftruncate(file, position) != 0) || (position > 0 && lseek(file, position, SEEK_SET) < 0)) {
    reply(session, "550 %s", why());
    close(file);
    return -1;
  }
  return file;
}

static void do_retr(struct session *session, char *argument) {
  int file = open_file(session, argument, O_RDONLY);
  if (file < 0)
    return;
  data_send(session, NULL, 0, file);
  close(file);
}

static void receive(struct session *session, char *argument, int flags) {
  int file = open_file(session, argument, O_WRONLY | O_CREAT | flags);
  if (file < 0)
    return;
  data_receive(session, file);
  close(file);
}

static void do_stor(struct session *session, char *argument) { receive(session, argument, 0); }
static void do_appe(struct session *session, char *argument) { receive(session, argument, O_APPEND); }

static void do_abor(struct session *session, char *argument) {
  (void)argument;
  data_close(session);
  reply(session, "226 ABOR command successful.");
}

/* For the commands that a single system call carries out. */
static void change(struct session *session, char *argument, int (*call)(const char *), const char *success) {
  char path[PATH_MAX], disk[PATH_MAX];
  if (!locate(session, argument, path, disk))
    return;
  if (call(disk) == 0)
    reply(session, "%s", success);
  else
    reply(session, "550 %s", why());
}

static void do_dele(struct session *session, char *argument) {
  change(session, argument, unlink, "250 File deleted successfully.");
}

static void do_rmd(struct session *session, char *argument) {
  change(session, argument, rmdir, "250 Directory deleted successfully.");
}

static void do_mkd(struct session *session, char *argument) {
  char path[PATH_MAX], disk[PATH_MAX], quoted[2 * PATH_MAX];
  if (!locate(session, argument, path, disk))
    return;
  quote(path, quoted);
  if (mkdir(disk, 0777) == 0)
    reply(session, "257 \"%s\" created successfully.", quoted);
  else
    reply(session, "550 %s", errno == EEXIST ? "Entry with same name already exists." : why());
}

static void do_rnfr(struct session *session, char *argument) {
  char path[PATH_MAX], disk[PATH_MAX];
  struct stat status;
  if (!locate(session, argument, path, disk))
    return;
  if (lstat(disk, &status) != 0) {
    reply(session, "550 %s", why());
    return;
  }
  strcpy(session->rename_from, disk);
  reply(session, "350 %s exists, ready for destination name.", S_ISDIR(status.st_mode) ? "Directory" : "File");
}

static void do_rnto(struct session *session, char *argument) {
  char path[PATH_MAX], disk[PATH_MAX];
  if (session->rename_from[0] == 0) {
    reply(session, "503 Use RNFR first.");
    return;
  }
  if (!locate(session, argument, path, disk))
    return;
  if (rename(session->rename_from, disk) == 0)
    reply(session, "250 File or directory renamed successfully.");
  else
    reply(session, "550 %s", why());
  session->rename_from[0] = 0;
}

enum { NEEDS_LOGIN = 1, NEEDS_ARGUMENT = 2, NEEDS_PROTECTION = 4 };

static const struct command {
  const char *name;
  void (*run)(struct session *session, char *argument);
  int needs;
} commands[] = {
    {"ABOR", do_abor, NEEDS_LOGIN},
    {"APPE", do_appe, NEEDS_LOGIN | NEEDS_ARGUMENT | NEEDS_PROTECTION},
    {"AUTH", do_auth, NEEDS_ARGUMENT},
    {"CDUP", do_cdup, NEEDS_LOGIN},
    {"CWD", do_cwd, NEEDS_LOGIN},
    {"DELE", do_dele, NEEDS_LOGIN | NEEDS_ARGUMENT},
    {"EPSV", do_epsv, NEEDS_LOGIN},
    {"FEAT", do_feat, 0},
    {"LIST", do_list, NEEDS_LOGIN | NEEDS_PROTECTION},
    {"MDTM", do_mdtm, NEEDS_LOGIN | NEEDS_ARGUMENT},
    {"MKD", do_mkd, NEEDS_LOGIN | NEEDS_ARGUMENT},
    {"MLSD", do_mlsd, NEEDS_LOGIN | NEEDS_PROTECTION},
    {"MLST", do_mlst, NEEDS_LOGIN},
    {"NLST", do_nlst, NEEDS_LOGIN | NEEDS_PROTECTION},
    {"NOOP", do_noop, 0},
    {"OPTS", do_opts, NEEDS_ARGUMENT},
    {"PASS", do_pass, 0},
    {"PASV", do_pasv, NEEDS_LOGIN},
    {"PBSZ", do_pbsz, NEEDS_ARGUMENT},
    {"PROT", do_prot, NEEDS_ARGUMENT},
    {"PWD", do_pwd, NEEDS_LOGIN},
    {"QUIT", do_quit, 0},
    {"REST", do_rest, NEEDS_LOGIN | NEEDS_ARGUMENT},
    {"RETR", do_retr, NEEDS_LOGIN | NEEDS_ARGUMENT | NEEDS_PROTECTION},
    {"RMD", do_rmd, NEEDS_LOGIN | NEEDS_ARGUMENT},
    {"RNFR", do_rnfr, NEEDS_LOGIN | NEEDS_ARGUMENT},
    {"RNTO", do_rnto, NEEDS_LOGIN | NEEDS_ARGUMENT},
    {"SIZE", do_size, NEEDS_LOGIN | NEEDS_ARGUMENT},
    {"STOR", do_stor, NEEDS_LOGIN | NEEDS_ARGUMENT | NEEDS_PROTECTION},
    {"SYST", do_syst, 0},
    {"TYPE", do_type, NEEDS_LOGIN | NEEDS_ARGUMENT},
    {"USER", do_user, NEEDS_ARGUMENT},
};

void command_run(struct session *session, char *line) {
  char *argument = line + strcspn(line, " ");
  if (*argument != 0)
    *argument++ = 0;
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    const struct command *command = &commands[i];
    if (strcasecmp(line, command->name) != 0)
      continue;
    if ((command->needs & NEEDS_ARGUMENT) && *argument == 0)
      reply(session, "501 Missing required argument");
    else if ((command->needs & NEEDS_LOGIN) && !session->logged_in)
      reply(session, "530 Please log in with USER and PASS first.");
    else if ((command->needs & NEEDS_PROTECTION) && !session->protected_data)
      reply(session, "425 Unable to build data connection: PROT C is not allowed when the control connection is "
                     "secure. Use PROT P.");
    else
      command->run(session, argument);
    return;
  }
  reply(session, "500 Wrong command.");
}

// How directories are listed, where the caller has a say in it, and names as text.
#include "check.h"

static void expect_one_vms_file(ftps_client *client) {
  ftps_listing *listing;
  WORKS(client, ftps_client_list(&listing, client, "/"));
  CHECK(ftps_listing_count(listing) == 1 && ftps_listing_unparsed_count(listing) == 0);
  const ftps_entry *file = ftps_listing_entry(listing, 0);
  int64_t seconds;
  int utc;
  SAME_TEXT("1-JUN.LIS;1", ftps_entry_name(file));
  CHECK(ftps_entry_kind(file) == FTPS_KIND_FILE && ftps_entry_size(file) == -1);
  CHECK(ftps_entry_modified(&seconds, NULL, &utc, file) == FTPS_PRECISION_SECOND && seconds == 896772724 && !utc);
  SAME_TEXT("OWNER", ftps_entry_owner(file));
  SAME_TEXT("GROUP", ftps_entry_group(file));
  SAME_TEXT("RWED,RWED,RWED,RE", ftps_entry_permissions(file));
  EXPECT(FTPS_OK, ftps_listing_free(listing));
}

// The server's listing is OpenVMS', whatever it is asked by.
static void choices(void) {
  ftps_client *client = new_client();
  WORKS(client, ftps_client_set_listing(client, FTPS_LISTING_LIST, FTPS_FORMAT_VMS, "-a"));
  logged_in_with(client);
  expect_one_vms_file(client);
  WORKS(client, ftps_client_set_listing(client, FTPS_LISTING_LIST, FTPS_FORMAT_AUTO, NULL));
  expect_one_vms_file(client);
  WORKS(client, ftps_client_set_listing(client, FTPS_LISTING_MLSD, FTPS_FORMAT_VMS, NULL));
  expect_one_vms_file(client);
  ftps_listing *listing;
  WORKS(client, ftps_client_set_listing(client, FTPS_LISTING_AUTO, FTPS_FORMAT_DOS, NULL));
  WORKS(client, ftps_client_list(&listing, client, "/"));
  CHECK(ftps_listing_count(listing) == 0 && ftps_listing_unparsed_count(listing) == 1);
  EXPECT(FTPS_OK, ftps_listing_free(listing));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_listing(client, FTPS_LISTING_AUTO, FTPS_FORMAT_AUTO, "-a\r\nDELE x"));
  quit_and_free(client);
}

static void paths_like_options(void) {
  ftps_client *client = logged_in();
  WORKS(client, ftps_client_make_directory(NULL, client, "-la"));
  upload(client, "-la/inside", 10);
  ftps_listing *listing;
  WORKS(client, ftps_client_names(&listing, client, "-la"));
  CHECK(ftps_listing_count(listing) == 1);
  SAME_TEXT("inside", ftps_entry_name(ftps_listing_entry(listing, 0)));
  EXPECT(FTPS_OK, ftps_listing_free(listing));
  quit_and_free(client);
}

static int64_t year_of_the_only_entry(ftps_client *client) {
  ftps_listing *listing;
  int64_t seconds = 0;
  WORKS(client, ftps_client_list_with(&listing, client, "LIST", "/", FTPS_FORMAT_UNIX));
  CHECK(ftps_entry_modified(&seconds, NULL, NULL, ftps_listing_entry(listing, 0)) == FTPS_PRECISION_MINUTE);
  EXPECT(FTPS_OK, ftps_listing_free(listing));
  time_t time = (time_t)seconds;
  return gmtime(&time)->tm_year;
}

// The server's clock is ten years behind.
static void clock_of_the_server(void) {
  ftps_client *client = logged_in();
  const int64_t year = year_of_the_only_entry(client);
  WORKS(client, ftps_client_set_server_clock(client, 1, -10LL * 366 * 24 * 3600));
  const int64_t behind = year - year_of_the_only_entry(client);
  CHECK(behind == 10 || behind == 11);
  WORKS(client, ftps_client_set_server_clock(client, 0, 0));
  CHECK(year_of_the_only_entry(client) == year);
  quit_and_free(client);
}

// The server writes ISO 8859-1.
static void text(void) {
  ftps_client *client = new_client();
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_set_charset(client, "klingon"));
  WORKS(client, ftps_client_set_charset(client, "iso-8859-1"));
  logged_in_with(client);
  EXPECT(FTPS_ERROR_WRONG_STATE, ftps_client_set_charset(client, "utf-8"));
  const char *bytes;
  WORKS(client, ftps_client_encode(&bytes, client, "gr\xc3\xb6\xc3\x9f" "e"));
  SAME_TEXT("gr\xf6\xdf" "e", bytes);
  upload(client, "gr\xf6\xdf" "e", 10);
  ftps_listing *names;
  WORKS(client, ftps_client_names(&names, client, NULL));
  const char *shown;
  WORKS(client, ftps_client_decode(&shown, client, ftps_entry_name(ftps_listing_entry(names, 1))));
  SAME_TEXT("gr\xc3\xb6\xc3\x9f" "e", shown);
  EXPECT(FTPS_OK, ftps_listing_free(names));
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_encode(&bytes, client, "\xe4\xb8\xad"));
  CHECK(bytes == NULL);
  EXPECT(FTPS_ERROR_INVALID_ARGUMENT, ftps_client_encode(&bytes, client, "\xff"));
  quit_and_free(client);
}

MAIN({"choices", choices}, {"paths_like_options", paths_like_options}, {"clock_of_the_server", clock_of_the_server}, {"text", text})

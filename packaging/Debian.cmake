# `cpack --preset deb` after the preset package was built.
set(NARU_MAINTAINER "naru maintainers <maintainers@naru.example>" CACHE STRING
  "Who answers for the Debian package: NAME <ADDRESS>")

# Debian wants a changelog, packed; it says the same as the version.
set(CHANGELOG_DATE "${NARU_RELEASE_DATE}")
execute_process(COMMAND env LC_ALL=C date -u -R -d ${NARU_RELEASE_DATE}
  OUTPUT_VARIABLE CHANGELOG_DATE OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_QUIET)
configure_file(debian/changelog.in changelog @ONLY)
execute_process(COMMAND gzip -9nf ${CMAKE_CURRENT_BINARY_DIR}/changelog)
file(CONFIGURE OUTPUT conffiles CONTENT "${conf_dir}/naru.conf\n")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz debian/copyright
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES debian/lintian-overrides RENAME naru
  DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME naru)
set(CPACK_PACKAGE_VENDOR "")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR})
set(CPACK_SET_DESTDIR ON) # /etc beside /usr
set(CPACK_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE
  OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${NARU_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
  "ferries records from Kafka into Elasticsearch, each once")
set(CPACK_PACKAGE_DESCRIPTION
"A replayer emits market history from CSV files as JSON to Kafka, at a chosen
pace; a bridge batches records from Kafka into bulk requests of Elasticsearch
or OpenSearch. An offset is committed only when its record is stored, so a
kill or an outage loses and doubles nothing, and a command proves it row by
row.

The bridge's service, naru-bridge, has a user of its own and sees little of
the system. It is neither enabled nor started before /etc/naru/naru.conf says
where Kafka and the search engine are.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The user is made by systemd-sysusers, which these have.
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_CURRENT_BINARY_DIR}/conffiles
  ${CMAKE_CURRENT_SOURCE_DIR}/debian/postinst
  ${CMAKE_CURRENT_SOURCE_DIR}/debian/prerm
  ${CMAKE_CURRENT_SOURCE_DIR}/debian/postrm)
include(CPack)

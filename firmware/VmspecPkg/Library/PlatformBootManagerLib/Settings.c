/** @file
  The menu's page that says where the settings of this machine are.

  A firmware that has one of HII's four protocols must have all of them: the
  database of forms, the strings, the routing of settings and, for each form, the
  access to its settings (UEFI 2.10, section 2.6.2). HiiDatabaseDxe has the first
  three, which loaders such as a shell of their own need. This file has the fourth,
  with the page that it belongs to.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"
#include "Settings.h"

#include <Library/DevicePathLib.h>
#include <Library/HiiLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/DevicePath.h>
#include <Protocol/HiiConfigAccess.h>

#pragma pack (1)
typedef struct {
  VENDOR_DEVICE_PATH          Page;
  EFI_DEVICE_PATH_PROTOCOL    End;
} SETTINGS_PATH;
#pragma pack ()

STATIC SETTINGS_PATH  mPath = {
  {
    {
      HARDWARE_DEVICE_PATH,
      HW_VENDOR_DP,
      { sizeof (VENDOR_DEVICE_PATH), 0 }
    },
    SETTINGS_FORM_SET_GUID
  },
  {
    END_DEVICE_PATH_TYPE,
    END_ENTIRE_DEVICE_PATH_SUBTYPE,
    { END_DEVICE_PATH_LENGTH,      0 }
  }
};

STATIC EFI_GUID  mFormSet = SETTINGS_FORM_SET_GUID;

//
// What the build makes of SettingsForm.uni and SettingsForm.vfr
//
extern UINT8  VmspecPlatformBootManagerLibStrings[];
extern UINT8  SettingsFormBin[];

/**
  Tell the values of some settings: the page has none.

  @param[in]  This      Not used.
  @param[in]  Request   The names of the settings.
  @param[out] Progress  Request, of which nothing was done.
  @param[out] Results   Not written.

  @retval EFI_NOT_FOUND          None of the names is one of this page.
  @retval EFI_INVALID_PARAMETER  Progress or Results is NULL.
**/
STATIC
EFI_STATUS
EFIAPI
ExtractConfig (
  IN  CONST EFI_HII_CONFIG_ACCESS_PROTOCOL  *This,
  IN  CONST EFI_STRING                      Request,
  OUT EFI_STRING                            *Progress,
  OUT EFI_STRING                            *Results
  )
{
  if ((Progress == NULL) || (Results == NULL)) {
    return EFI_INVALID_PARAMETER;
  }

  *Progress = Request;
  return EFI_NOT_FOUND;
}

/**
  Change some settings: the page has none.

  @param[in]  This           Not used.
  @param[in]  Configuration  The names of the settings, and their values.
  @param[out] Progress       Configuration, of which nothing was done.

  @retval EFI_NOT_FOUND          None of the names is one of this page.
  @retval EFI_INVALID_PARAMETER  Configuration or Progress is NULL.
**/
STATIC
EFI_STATUS
EFIAPI
RouteConfig (
  IN  CONST EFI_HII_CONFIG_ACCESS_PROTOCOL  *This,
  IN  CONST EFI_STRING                      Configuration,
  OUT EFI_STRING                            *Progress
  )
{
  if ((Configuration == NULL) || (Progress == NULL)) {
    return EFI_INVALID_PARAMETER;
  }

  *Progress = Configuration;
  return EFI_NOT_FOUND;
}

/**
  React to what the user does with a question: the page has none.

  @param[in]     This           Not used.
  @param[in]     Action         Not used.
  @param[in]     QuestionId     Not used.
  @param[in]     Type           Not used.
  @param[in,out] Value          Not used.
  @param[out]    ActionRequest  Not used.

  @retval EFI_UNSUPPORTED  Always.
**/
STATIC
EFI_STATUS
EFIAPI
FormCallback (
  IN     CONST EFI_HII_CONFIG_ACCESS_PROTOCOL  *This,
  IN     EFI_BROWSER_ACTION                    Action,
  IN     EFI_QUESTION_ID                       QuestionId,
  IN     UINT8                                 Type,
  IN OUT EFI_IFR_TYPE_VALUE                    *Value,
  OUT    EFI_BROWSER_ACTION_REQUEST            *ActionRequest
  )
{
  return EFI_UNSUPPORTED;
}

STATIC EFI_HII_CONFIG_ACCESS_PROTOCOL  mAccess = {
  ExtractConfig,
  RouteConfig,
  FormCallback
};

/**
  Add the page that says where the settings of this machine are.
**/
VOID
AddSettings (
  VOID
  )
{
  EFI_HANDLE  Handle;
  EFI_STATUS  Status;

  Handle = NULL;
  Status = gBS->InstallMultipleProtocolInterfaces (
                  &Handle,
                  &gEfiDevicePathProtocolGuid,
                  &mPath,
                  &gEfiHiiConfigAccessProtocolGuid,
                  &mAccess,
                  NULL
                  );
  if (!EFI_ERROR (Status)) {
    HiiAddPackages (
      &mFormSet,
      Handle,
      VmspecPlatformBootManagerLibStrings,
      SettingsFormBin,
      NULL
      );
  }
}
